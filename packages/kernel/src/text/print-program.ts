/**
 * Programs as text: what goldens show. Constants are summed up by their size and hash, or written out
 * in base64, which `parseProgram` reads back.
 *
 *     program "tiny" {
 *       arena 4096 bytes, at least 4096
 *       constants 64 bytes, fnv1a 0x811c9dc5
 *       prepared 256 bytes
 *       buffer %b0: f32[512] arena+0 live -1..0
 *       buffer %b1: f32[512] arena+2048 live 0..1
 *       input "x": f32[1,512] = %b0+0 strides [512,1]
 *       output "y": f32[1,512] = %b1+0 strides [512,1]
 *       kernel relu(x: f32 read arena, y: f32 write arena) { … }
 *       setup pack(%c0+0, %p0+0) macs 0 @"Conv conv_1"
 *       step relu(%b0+0, %b1+0) macs 0 @"Relu relu_1"
 *     }
 *
 * Programs that prepare nothing say nothing of it. An arena of several banks says where each begins:
 * `arena 8192 bytes, at least 4096, banks 0 4096`.
 */

import { dtypes, encodeBase64, quoteText } from '@whittle/ir';
import type { ArenaPlan, Buffer, Port, Program, Step } from '../program.js';
import { printKernelLines } from './print-kernel.js';
import { formatBuffer, formatName } from './vocabulary.js';

export interface PrintProgramOptions {
  /** Writes the bytes of constants; otherwise their number and hash. */
  readonly data?: boolean;
}

export function printProgram(program: Program, { data = false }: PrintProgramOptions = {}): string {
  const { arena, preparedBytes } = program;
  const lines = [
    printArena(arena),
    printConstants(program.constants, data),
    ...(preparedBytes === 0 ? [] : [`prepared ${preparedBytes} bytes`]),
    ...program.buffers.map(printBuffer),
    ...program.inputs.map((port) => printPort('input', port)),
    ...program.outputs.map((port) => printPort('output', port)),
    ...program.kernels.flatMap(printKernelLines),
    ...program.setup.map((step) => printStep('setup', step)),
    ...program.steps.map((step) => printStep('step', step)),
  ];
  const body = lines.map((line) => `  ${line}\n`).join('');
  return `program ${quoteText(program.name)} {\n${body}}\n`;
}

function printArena({ bytes, lowerBoundBytes, banks }: ArenaPlan): string {
  const size = `arena ${bytes} bytes, at least ${lowerBoundBytes}`;
  if (banks.length <= 1) return size;
  return `${size}, banks ${banks.map(({ byteOffset }) => byteOffset).join(' ')}`;
}

function printBuffer({ name, dtype, length, space, byteOffset, live }: Buffer): string {
  const place = `${space}+${byteOffset} live ${live[0]}..${live[1]}`;
  return `buffer ${formatBuffer(name)}: ${dtypes[dtype].short}[${length}] ${place}`;
}

function printPort(role: 'input' | 'output', { name, dtype, dims, view }: Port): string {
  const type = `${dtypes[dtype].short}[${dims.join(',')}]`;
  const place = `${formatBuffer(view.buffer)}+${view.offset} strides [${view.strides.join(',')}]`;
  return `${role} ${quoteText(name)}: ${type} = ${place}`;
}

function printConstants(bytes: Uint8Array, data: boolean): string {
  const size = `constants ${bytes.length} bytes`;
  return data ? `${size} = "${encodeBase64(bytes)}"` : `${size}, fnv1a 0x${hashOf(bytes)}`;
}

function printStep(keyword: 'setup' | 'step', { kernel, args, macs, label }: Step): string {
  const list = args.map(({ buffer, offset }) => `${formatBuffer(buffer)}${signed(offset)}`);
  return `${keyword} ${formatName(kernel)}(${list.join(', ')}) macs ${macs} @${quoteText(label)}`;
}

function signed(offset: number): string {
  return offset < 0 ? String(offset) : `+${offset}`;
}

/** FNV-1a of 32 bits, byte by byte. */
function hashOf(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
