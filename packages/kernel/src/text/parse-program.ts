/** Reads programs from the text form that `printProgram` writes with the data of constants. */

import { decodeBase64 } from '@whittle/ir';
import type { Kernel } from '../loop-ir.js';
import type {
  ArenaPlan,
  Argument,
  Bank,
  Buffer,
  Launch,
  Port,
  PortSize,
  Program,
  Step,
} from '../program.js';
import { Lexer } from './lexer.js';
import { readKernel, readSpace } from './parse-kernel.js';
import { elementTypeFrom } from './vocabulary.js';

/** @throws {CompilerError} `E_INVALID_TEXT` with the place, where the text is no whole program. */
export function parseProgram(text: string): Program {
  const lexer = new Lexer(text);
  lexer.expect('program');
  const name = lexer.expectKind('string');
  lexer.expect('{');
  const arena = readArena(lexer);
  const constants = readConstants(lexer);
  const preparedBytes = lexer.take('prepared') ? readBytes(lexer) : 0;
  const buffers = readAll(lexer, 'buffer', readBuffer);
  const inputs = readAll(lexer, 'input', readPort);
  const outputs = readAll(lexer, 'output', readPort);
  const kernels: Kernel[] = [];
  while (lexer.peek().text === 'kernel') kernels.push(readKernel(lexer));
  const setup = readAll(lexer, 'setup', readLaunch);
  const steps = readAll(lexer, 'step', readStep);
  lexer.expect('}');
  if (lexer.peek().kind !== 'end') lexer.expected('the end of the text');
  return {
    ...{ name, inputs, outputs, kernels, setup, steps, buffers },
    ...{ arena, preparedBytes, constants },
  };
}

function readAll<T>(lexer: Lexer, keyword: string, read: (lexer: Lexer) => T): T[] {
  const items: T[] = [];
  while (lexer.take(keyword)) items.push(read(lexer));
  return items;
}

function readArena(lexer: Lexer): ArenaPlan {
  lexer.expect('arena');
  const bytes = lexer.expectInteger();
  for (const word of ['bytes', ',', 'at', 'least']) lexer.expect(word);
  const lowerBoundBytes = lexer.expectInteger();
  return { bytes, lowerBoundBytes, banks: readBanks(lexer, bytes) };
}

/** `, banks 0 4096`: where each begins; nothing, where one bank is the arena. */
function readBanks(lexer: Lexer, bytes: number): readonly Bank[] {
  const starts = [0];
  if (lexer.take(',')) {
    lexer.expect('banks');
    starts[0] = lexer.expectInteger();
    while (lexer.peek().kind === 'number') starts.push(lexer.expectInteger());
  }
  return starts.map((byteOffset, i) => ({
    byteOffset,
    bytes: (starts[i + 1] ?? bytes) - byteOffset,
  }));
}

function readBuffer(lexer: Lexer): Buffer {
  const name = readBufferName(lexer);
  const { dtype, dims } = readType(lexer);
  const [length] = dims;
  if (length === undefined || dims.length > 1) return lexer.expected('one length before this');
  const space = readSpace(lexer);
  const byteOffset = readOffset(lexer);
  lexer.expect('live');
  const first = lexer.expectInteger();
  lexer.expect('..');
  return { name, space, dtype, length, byteOffset, live: [first, lexer.expectInteger()] };
}

function readPort(lexer: Lexer): Port {
  const name = lexer.expectKind('string');
  const { dtype, dims } = readType(lexer);
  lexer.expect('=');
  const buffer = readBufferName(lexer);
  const offset = readOffset(lexer);
  lexer.expect('strides');
  const strides = readIntegers(lexer);
  const port = { name, dtype, dims, view: { buffer, dtype, dims, strides, offset } };
  return lexer.take('sizes') ? { ...port, sizes: readSizes(lexer) } : port;
}

/** `[1: "n" %b2]` */
function readSizes(lexer: Lexer): readonly PortSize[] {
  const sizes: PortSize[] = [];
  lexer.expect('[');
  while (!lexer.take(']')) {
    if (sizes.length > 0) lexer.expect(',');
    const axis = lexer.expectInteger();
    lexer.expect(':');
    sizes.push({ axis, name: lexer.expectKind('string'), buffer: readBufferName(lexer) });
  }
  return sizes;
}

function readConstants(lexer: Lexer): Uint8Array {
  lexer.expect('constants');
  const size = readBytes(lexer);
  if (lexer.peek().text === ',')
    return lexer.expected('the data of the constants, which is elided');
  lexer.expect('=');
  const { offset } = lexer.peek();
  const bytes = decodeBase64(lexer.expectKind('string'));
  if (bytes === undefined) return lexer.fail('this is not base64', offset);
  return bytes.length === size ? bytes : lexer.fail(`these are ${bytes.length} bytes`, offset);
}

/** `64 bytes` */
function readBytes(lexer: Lexer): number {
  const bytes = lexer.expectInteger();
  lexer.expect('bytes');
  return bytes;
}

function readStep(lexer: Lexer): Step {
  if (lexer.take('if')) {
    const condition = readArgument(lexer);
    const label = readLabel(lexer);
    const then = readBlock(lexer);
    const otherwise = lexer.take('else') ? readBlock(lexer) : [];
    return { kind: 'if', condition, then, otherwise, label };
  }
  if (!lexer.take('repeat')) return readLaunch(lexer);
  const counter = readArgument(lexer);
  const limit = lexer.take('below') ? readLimit(lexer) : undefined;
  const condition = lexer.take('while') ? readArgument(lexer) : undefined;
  const label = readLabel(lexer);
  const steps = readBlock(lexer);
  return {
    kind: 'repeat',
    counter,
    ...(limit !== undefined && { limit }),
    ...(condition && { condition }),
    steps,
    label,
  };
}

function readLimit(lexer: Lexer): number | Argument {
  return lexer.peek().text === '%' ? readArgument(lexer) : lexer.expectInteger();
}

/** The steps between braces. */
function readBlock(lexer: Lexer): readonly Step[] {
  lexer.expect('{');
  const steps = readAll(lexer, 'step', readStep);
  lexer.expect('}');
  return steps;
}

function readLaunch(lexer: Lexer): Launch {
  const kernel = lexer.expectName();
  lexer.expect('(');
  const args: Argument[] = [];
  while (!lexer.take(')')) {
    if (args.length > 0) lexer.expect(',');
    args.push(readArgument(lexer));
  }
  lexer.expect('macs');
  const macs = lexer.expectInteger();
  return { kind: 'launch', kernel, args, macs, label: readLabel(lexer) };
}

function readArgument(lexer: Lexer): Argument {
  return { buffer: readBufferName(lexer), offset: readOffset(lexer) };
}

/** `@"Conv conv_1"` */
function readLabel(lexer: Lexer): string {
  lexer.expect('@');
  return lexer.expectKind('string');
}

/** `: f32[1,3,8,8]` */
function readType(lexer: Lexer): { dtype: Buffer['dtype']; dims: readonly number[] } {
  lexer.expect(':');
  const dtype = elementTypeFrom(lexer.expectKind('word')) ?? lexer.expected('a type before this');
  return { dtype, dims: readIntegers(lexer) };
}

/** `[1,3,8,8]` */
function readIntegers(lexer: Lexer): readonly number[] {
  const values: number[] = [];
  lexer.expect('[');
  while (!lexer.take(']')) {
    if (values.length > 0) lexer.expect(',');
    values.push(lexer.expectInteger());
  }
  return values;
}

/** `%b0` or `%"odd name"`. */
function readBufferName(lexer: Lexer): string {
  lexer.expect('%');
  return lexer.expectKind(lexer.peek().kind === 'string' ? 'string' : 'word');
}

/** `+12`, or `-3`. */
function readOffset(lexer: Lexer): number {
  return lexer.take('+') || lexer.peek().text === '-'
    ? lexer.expectInteger()
    : lexer.expected('"+"');
}
