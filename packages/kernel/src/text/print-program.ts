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
 * An output that a run may leave smaller says where its sizes are, by axis: `sizes [1: "n" %b2]`.
 *
 * A step may hold others: `step if %b3+0 @"If" { … } else { … }`, without `else` where there is nothing to do;
 * `step repeat %b4+0 below 8 while %b5+0 @"Loop" { … }`, with a limit, `%b6+0` where it lies in memory, or a
 * condition, or both.
 *
 * Programs that prepare nothing say nothing of it. An arena of several banks says where each begins:
 * `arena 8192 bytes, at least 4096, banks 0 4096`.
 */

import { dtypes, encodeBase64, quoteText } from '@whittle/ir';
import type {
  ArenaPlan,
  Argument,
  Buffer,
  Launch,
  Port,
  Program,
  Repeat,
  Step,
} from '../program.js';
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
    ...program.setup.map((step) => `setup ${printLaunch(step)}`),
    ...printSteps(program.steps),
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

function printPort(
  role: 'input' | 'output',
  { name, dtype, dims, view, sizes = [] }: Port,
): string {
  const type = `${dtypes[dtype].short}[${dims.join(',')}]`;
  const place = `${formatBuffer(view.buffer)}+${view.offset} strides [${view.strides.join(',')}]`;
  const known = sizes.map(
    (size) => `${size.axis}: ${quoteText(size.name)} ${formatBuffer(size.buffer)}`,
  );
  const ofRun = known.length === 0 ? '' : ` sizes [${known.join(', ')}]`;
  return `${role} ${quoteText(name)}: ${type} = ${place}${ofRun}`;
}

function printConstants(bytes: Uint8Array, data: boolean): string {
  const size = `constants ${bytes.length} bytes`;
  return data ? `${size} = "${encodeBase64(bytes)}"` : `${size}, fnv1a 0x${hashOf(bytes)}`;
}

function printSteps(steps: readonly Step[]): string[] {
  return steps.flatMap(printStep);
}

function printStep(step: Step): string[] {
  switch (step.kind) {
    case 'launch':
      return [`step ${printLaunch(step)}`];
    case 'if': {
      const opening = `step if ${printArgument(step.condition)} @${quoteText(step.label)} {`;
      const otherwise =
        step.otherwise.length === 0 ? [] : ['} else {', ...indented(step.otherwise)];
      return [opening, ...indented(step.then), ...otherwise, '}'];
    }
    case 'repeat': {
      const opening = `step repeat ${printRepeat(step)} @${quoteText(step.label)} {`;
      return [opening, ...indented(step.steps), '}'];
    }
  }
}

function indented(steps: readonly Step[]): string[] {
  return printSteps(steps).map((line) => `  ${line}`);
}

/** `%b0+0 below 8 while %b1+0` */
function printRepeat({ counter, limit, condition }: Repeat): string {
  const end = typeof limit === 'object' ? printArgument(limit) : limit;
  const below = end === undefined ? '' : ` below ${end}`;
  return `${printArgument(counter)}${below}${condition ? ` while ${printArgument(condition)}` : ''}`;
}

function printLaunch({ kernel, args, macs, label }: Launch): string {
  return `${formatName(kernel)}(${args.map(printArgument).join(', ')}) macs ${macs} @${quoteText(label)}`;
}

function printArgument({ buffer, offset }: Argument): string {
  return `${formatBuffer(buffer)}${signed(offset)}`;
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
