/**
 * The interpreter of programs: it lays out the arena as an emitted module does, and runs the steps, those
 * of the setup first. The arena starts out filled with ones (NaN in every float), so that a read of what no step has
 * written shows. Where memory is of words, what goes in and out is converted.
 */

import { CompilerError, dtypes, elementCount, type TypedArray, typedArrayOf } from '@whittle/ir';
import type { Kernel } from '../loop-ir.js';
import type { Buffer, Launch, Port, Program } from '../program.js';
import { compileKernel, type KernelArgument } from './run-kernel.js';
import { type Memory, runSteps } from './run-steps.js';
import { withinSizes } from './true-sizes.js';
import { elementsOfWords, wordsOf } from './words.js';

/** The elements of an input or output, row-major. */
export interface TensorData {
  readonly dtype: Port['dtype'];
  readonly dims: readonly number[];
  readonly data: TypedArray;
}

/**
 * Runs a program once and returns its outputs by name, in an object without a prototype.
 *
 * @throws {CompilerError} `E_INVALID_OPTION` where a feed is missing or of another dtype or dims,
 *   `E_INTERNAL` where the program breaks a rule: an unknown name, an access out of bounds.
 */
export function interpretProgram(
  program: Program,
  feeds: Readonly<Record<string, TensorData>>,
): Record<string, TensorData> {
  const memory = layOut(program);
  const types = new Map(program.buffers.map(({ name, dtype }) => [name, dtype]));
  const heldAs = ({ dtype, view }: Port): Port['dtype'] => types.get(view.buffer) ?? dtype;
  for (const port of program.inputs) {
    const feed = feedOf(port, feeds);
    const held = heldAs(port);
    const isHeldSo = held === port.dtype;
    copyInto(placeOf(port, memory), isHeldSo ? feed : wordsOf(feed, port.dtype, held));
  }
  const run = new Map<string, (args: readonly KernelArgument[]) => void>();
  for (const kernel of program.kernels) run.set(kernel.name, lazily(kernel));
  const launch = (step: Launch): void => {
    const kernel = run.get(step.kernel) ?? broken(`No kernel "${step.kernel}".`);
    kernel(argumentsOf(step, memory));
  };
  for (const step of program.setup) launch(step);
  runSteps(program.steps, memory, launch);
  const results: Record<string, TensorData> = Object.create(null);
  for (const port of program.outputs) {
    const { dtype } = port;
    const dims = dimsAfterRun(port, memory);
    const place = withinSizes(placeOf(port, memory), port.dims, dims);
    const held = heldAs(port);
    const data = held === dtype ? place : elementsOfWords(place, dtype, held);
    results[port.name] = { dtype, dims, data };
  }
  return results;
}

/** Each buffer as a typed array over the bytes it shares with others. */
function layOut(program: Program): Memory {
  const bytesOf = {
    arena: new Uint8Array(program.arena.bytes).fill(0xff),
    constants: program.constants,
    prepared: new Uint8Array(program.preparedBytes).fill(0xff),
  };
  return new Map(
    program.buffers.map((buffer) => [buffer.name, elementsOf(buffer, bytesOf[buffer.space])]),
  );
}

function elementsOf({ name, dtype, length, byteOffset }: Buffer, space: Uint8Array): TypedArray {
  const end = byteOffset + length * dtypes[dtype].bytes;
  if (byteOffset < 0 || end > space.length) return broken(`Buffer "${name}" ends at ${end}.`);
  return typedArrayOf({ dtype, dims: [length], bytes: space.subarray(byteOffset, end) });
}

function argumentsOf(step: Launch, memory: Memory): KernelArgument[] {
  return step.args.map(({ buffer, offset }) => {
    const data = memory.get(buffer);
    return data === undefined ? broken(`No buffer "${buffer}".`) : { data, offset };
  });
}

function placeOf({ name, dims, view }: Port, memory: Memory): TypedArray {
  const data = memory.get(view.buffer);
  const end = view.offset + elementCount(dims);
  if (data === undefined || view.offset < 0 || end > data.length) {
    return broken(`"${name}" is not inside of its buffer "${view.buffer}".`);
  }
  return data.subarray(view.offset, end);
}

function dimsAfterRun({ dims, sizes = [] }: Port, memory: Memory): readonly number[] {
  const found = new Map(sizes.map(({ axis, buffer }) => [axis, memory.get(buffer)?.[0]]));
  return dims.map((dim, axis) => Number(found.get(axis) ?? dim));
}

function feedOf(port: Port, feeds: Readonly<Record<string, TensorData>>): TypedArray {
  const feed = Object.hasOwn(feeds, port.name) ? feeds[port.name] : undefined;
  const wanted = `${port.dtype}[${port.dims.join(',')}]`;
  const given = feed === undefined ? 'nothing' : `${feed.dtype}[${feed.dims.join(',')}]`;
  const bytes = elementCount(port.dims) * dtypes[port.dtype].bytes;
  if (feed !== undefined && given === wanted && feed.data.byteLength === bytes) return feed.data;
  const elements = feed === undefined ? '' : ` of ${feed.data.length} elements`;
  throw new CompilerError(
    'E_INVALID_OPTION',
    `Input "${port.name}" takes ${wanted}, not ${given}${elements}.`,
    { where: { tensor: port.name } },
  );
}

function copyInto(target: TypedArray, source: TypedArray): void {
  const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(bytes);
}

function lazily(kernel: Kernel): (args: readonly KernelArgument[]) => void {
  let compiled: ((args: readonly KernelArgument[]) => void) | undefined;
  return (args) => {
    compiled ??= compileKernel(kernel);
    compiled(args);
  };
}

function broken(message: string): never {
  throw new CompilerError('E_INTERNAL', message);
}
