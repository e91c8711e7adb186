/**
 * Checks that many inference rules share. Each returns what it has checked, and fails with a
 * `CompilerError` that names the node. A check of dims fails only where both are numbers.
 */

import { type Dim, formatDim, formatDims, isBound } from '../dim.js';
import { type DType, dtypes, isFloat, isInteger } from '../dtype.js';
import type { InferContext } from '../op-record.js';

/** Sets of dtypes that ops are restricted to. `number` is float or integer. */
export type DTypeClass = 'any' | 'float' | 'number' | 'integer' | 'bool' | 'signed' | 'index';

const classes: Readonly<Record<DTypeClass, (dtype: DType) => boolean>> = {
  any: () => true,
  float: isFloat,
  number: (dtype) => isFloat(dtype) || isInteger(dtype),
  integer: isInteger,
  bool: (dtype) => dtype === 'bool',
  signed: (dtype) => isFloat(dtype) || dtypes[dtype].kind === 'signed',
  index: (dtype) => dtype === 'int32' || dtype === 'int64',
};

/** The dtype of input `index`, which must be in `allowed`. */
export function requireDType(context: InferContext, index: number, allowed: DTypeClass): DType {
  const { dtype } = context.input(index);
  if (!classes[allowed](dtype)) {
    context.fail(`takes ${allowed} elements as input ${index}, not ${dtype}`);
  }
  return dtype;
}

/** The one dtype of the given inputs; those that are left out do not count. */
export function requireSameDType(context: InferContext, indices: readonly number[]): DType {
  const present = indices.filter((index) => context.has(index));
  const first = present[0] ?? context.fail(`lacks its input ${indices[0] ?? 0}`);
  const { dtype } = context.input(first);
  for (const index of present) {
    const other = context.input(index).dtype;
    if (other !== dtype) {
      context.fail(`mixes ${dtype} (input ${first}) with ${other} (input ${index})`);
    }
  }
  return dtype;
}

/** The dims of input `index`, which must be of that rank. */
export function requireRank(context: InferContext, index: number, rank: number): readonly Dim[] {
  const { dims } = context.input(index);
  if (dims.length !== rank) {
    context.fail(`takes a tensor of rank ${rank} as input ${index}, not ${formatDims(dims)}`);
  }
  return dims;
}

export function requireRankAtLeast(
  context: InferContext,
  index: number,
  rank: number,
): readonly Dim[] {
  const { dims } = context.input(index);
  if (dims.length < rank) {
    context.fail(
      `takes a tensor of rank ${rank} or more as input ${index}, not ${formatDims(dims)}`,
    );
  }
  return dims;
}

/** Two dims that must agree: the one that is a number, if any. */
export function requireSameDim(context: InferContext, a: Dim, b: Dim, what: string): Dim {
  if (!isBound(a)) return isBound(b) ? b : a;
  if (isBound(b) && a !== b) {
    context.fail(`has ${what} that disagree: ${formatDim(a)} and ${formatDim(b)}`);
  }
  return a;
}

/** A dim by axis; for axes that the caller has brought into range. */
export function dimAt(context: InferContext, dims: readonly Dim[], axis: number): Dim {
  return dims[axis] ?? context.fail(`has no axis ${axis} in ${formatDims(dims)}`);
}

/** Axes brought into [0, rank), each once. */
export function requireAxes(
  context: InferContext,
  axes: readonly number[],
  rank: number,
): readonly number[] {
  const seen = new Set<number>();
  for (const written of axes) {
    const axis = context.axis(written, rank);
    if (seen.has(axis)) context.fail(`names axis ${axis} twice`);
    seen.add(axis);
  }
  return [...seen];
}

/** The value of a string attribute that allows only some. */
export function requireOneOf<T extends string>(
  context: InferContext,
  name: string,
  allowed: readonly T[],
): T {
  const value = context.string(name);
  return (
    allowed.find((candidate) => candidate === value) ??
    context.fail(`has ${name} "${value}", which is none of ${allowed.join(', ')}`)
  );
}
