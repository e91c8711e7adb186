/**
 * Laying a filter out anew: a constant while the graph is built, so that nothing of it is left to
 * compute, and any other value by nodes.
 */

import type { Value } from '../graph.js';
import { elementCount, int64Tensor } from '../tensor.js';
import { transposeTensor } from '../transpose-tensor.js';
import { spatialAxes } from './data-format.js';
import type { FormContext } from './form-context.js';

/** Axes in the order `perm`, and then the dims of `shape`: 0 copies a dim, -1 takes what remains. */
export function layOutFilter(
  { builder, spatialRank }: FormContext,
  filter: Value,
  perm: readonly number[],
  shape?: readonly number[],
): Value {
  const { constant } = filter;
  const laidOut = `${filter.name}.OI${spatialAxes[spatialRank].join('')}`;
  if (constant !== undefined) {
    const tensor = transposeTensor(constant, perm);
    const dims = shape === undefined ? tensor.dims : reshapedDims(tensor.dims, shape);
    return builder.constant({ ...tensor, dims }, laidOut);
  }
  const transposed = builder.op('Transpose', [filter], { perm }, { outputs: [laidOut] });
  if (shape === undefined) return transposed;
  const target = builder.constant(int64Tensor(shape), `${laidOut}.shape`);
  return builder.op('Reshape', [transposed, target], {}, { outputs: [laidOut] });
}

function reshapedDims(dims: readonly number[], shape: readonly number[]): readonly number[] {
  const filled = shape.map((size, axis) => (size === 0 ? (dims[axis] ?? 1) : size));
  const others = elementCount(filled.filter((size) => size !== -1));
  return filled.map((size) => (size === -1 ? elementCount(dims) / others : size));
}
