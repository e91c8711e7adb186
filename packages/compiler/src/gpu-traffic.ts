/**
 * How much goes through the memory of a GPU in a run, counted from the program alone: it needs no device,
 * and is the same on all of them.
 *
 * The count is a model. What a step reads it reads once, as if a cache held it for as long as the step takes,
 * and nothing stays from one step to the next. Buffers count whole, so a step that fills a part of
 * a concatenation, or looks rows up in a table, counts for more than it touches.
 */

import {
  type Buffer,
  CompilerError,
  dtypes,
  expressionsIn,
  exprsOf,
  type Kernel,
  launchesIn,
  type Program,
  statementsIn,
} from '@whittle/kernel';

export interface GpuTraffic {
  /** All bytes of a run: those that are read, weights included, and those that are written. */
  readonly bytes: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
  /** Of those that are read: the weights, and what the setup prepared from them. */
  readonly weightBytes: number;
  readonly bytesWithoutWeights: number;
}

/**
 * Each step counts every buffer that it loads from once, and every buffer that it stores to once; one
 * for which both is true counts twice. The setup does not count.
 */
export function gpuTraffic(program: Program): GpuTraffic {
  const buffers = new Map(program.buffers.map((buffer) => [buffer.name, buffer]));
  const kernels = new Map(program.kernels.map((kernel) => [kernel.name, accessesOf(kernel)]));
  let [readBytes, writtenBytes, weightBytes] = [0, 0, 0];
  for (const { kernel, args } of launchesIn(program.steps)) {
    const { loaded, stored } = kernels.get(kernel) ?? missing('kernel', kernel);
    const buffersAt = (params: ReadonlySet<number>): readonly Buffer[] => {
      const names = new Set(args.flatMap(({ buffer }, i) => (params.has(i) ? [buffer] : [])));
      return [...names].map((name) => buffers.get(name) ?? missing('buffer', name));
    };
    for (const buffer of buffersAt(loaded)) {
      readBytes += bytesOf(buffer);
      if (buffer.space !== 'arena') weightBytes += bytesOf(buffer);
    }
    for (const buffer of buffersAt(stored)) writtenBytes += bytesOf(buffer);
  }
  const bytes = readBytes + writtenBytes;
  const bytesWithoutWeights = bytes - weightBytes;
  return { bytes, readBytes, writtenBytes, weightBytes, bytesWithoutWeights };
}

/** The numbers of a kernel's parameters from which it loads, and of those to which it stores. */
function accessesOf({ params, body }: Kernel): Record<'loaded' | 'stored', ReadonlySet<number>> {
  const numbers = new Map(params.map(({ name }, i) => [name, i]));
  const [loaded, stored] = [new Set<number>(), new Set<number>()];
  const add = (set: Set<number>, name: string): void => {
    // Memory of a workgroup has no number.
    const number = numbers.get(name);
    if (number !== undefined) set.add(number);
  };
  for (const stmt of statementsIn(body)) {
    if (stmt.kind === 'store') add(stored, stmt.param);
    for (const expr of exprsOf(stmt).flatMap((it) => [...expressionsIn(it)])) {
      if (expr.kind === 'load') add(loaded, expr.param);
    }
  }
  return { loaded, stored };
}

/** Weights lie packed; all else is of what the dtype of its buffer says, on a GPU of words. */
function bytesOf({ length, dtype }: Buffer): number {
  return length * dtypes[dtype].bytes;
}

function missing(what: string, name: string): never {
  throw new CompilerError('E_INTERNAL', `The program lacks the ${what} ${JSON.stringify(name)}.`);
}
