/**
 * Operands that describe a shape: axes, target dims, pads, repeats. ONNX passes them as 1-d integer
 * tensors, which inference may know in full, by their length only, or not at all.
 */

import { type Dim, formatDim, isBound } from '../dim.js';
import type { InferContext } from '../op-record.js';
import { requireAxes, requireDType, requireRank } from './checks.js';
import { isNonNegative } from './element-arithmetic.js';

/** The length of the 1-d integer tensor at input `index`, where it is known. */
export function operandLength(context: InferContext, index: number): number | undefined {
  requireDType(context, index, 'index');
  const [length = 0] = requireRank(context, index, 1);
  if (!isBound(length)) return undefined;
  return length <= 2 * maxRank
    ? length
    : context.fail(`has an input ${index} of ${length} entries`);
}

/** No sound model has more axes. The pads of a tensor are two for each. */
const maxRank = 64;

/**
 * The axes at input `index` in [0, rank), as written in order: `absent` where the input is left out,
 * undefined where it is computed at run time.
 */
export function axesOperand(
  context: InferContext,
  index: number,
  rank: number,
  absent: readonly number[],
): readonly number[] | undefined {
  if (!context.has(index)) return absent;
  requireDType(context, index, 'index');
  const axes = context.numbers(index);
  return axes === undefined ? undefined : requireAxes(context, axes, rank);
}

/**
 * The dims that input `index` spells out. What is not known is an unknown dim; undefined where even
 * their number is not known.
 */
export function dimsOperand(context: InferContext, index: number): readonly Dim[] | undefined {
  const length = operandLength(context, index);
  const elements = context.elements(index);
  if (elements === undefined)
    return length === undefined ? undefined : unknownDims(context, length);
  return elements.map((dim, axis) => {
    if (isBound(dim) && dim < 0) context.fail(`has the negative dim ${formatDim(dim)}`);
    return isNonNegative(dim) ? dim : context.unknownDim(axis);
  });
}

/** So many dims that nothing is known about, named by their axis. */
export function unknownDims(context: InferContext, rank: number): readonly Dim[] {
  return allAxes(rank).map((axis) => context.unknownDim(axis));
}

/** All axes of a tensor of that rank. */
export function allAxes(rank: number): readonly number[] {
  return Array.from({ length: rank }, (_, axis) => axis);
}
