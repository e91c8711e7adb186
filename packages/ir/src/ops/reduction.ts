/**
 * Reductions over axes, given as an input: the reduced axes become 1, or go away unless keepdims.
 */

import { addDims, type Dim, isBound, maxDims, minDims } from '../dim.js';
import type { DType } from '../dtype.js';
import type { InferContext, OpRecord } from '../op-record.js';
import { dimAt, requireDType } from './checks.js';
import { multiplyElements } from './element-arithmetic.js';
import { type Elements, fitElement, outputOf } from './known-elements.js';
import { allAxes, axesOperand, operandLength, unknownDims } from './shape-operands.js';
import { formals, int } from './signature.js';

// biome-ignore format: a table
export const reductionOps: readonly OpRecord[] = [
  reduce('ReduceSum', 13, 'the sum', addDims),
  reduce('ReduceMean', 18, 'the mean'),
  reduce('ReduceProd', 18, 'the product', multiplyElements),
  reduce('ReduceMax', 20, 'the largest element', maxDims),
  reduce('ReduceMin', 20, 'the smallest element', minDims),
  reduce('ReduceL1', 18, 'the sum of absolute values'),
  reduce('ReduceL2', 18, 'the square root of the sum of squares'),
  reduce('ReduceSumSquare', 18, 'the sum of squares'),
  reduce('ReduceLogSum', 18, 'the logarithm of the sum'),
  reduce('ReduceLogSumExp', 18, 'the logarithm of the sum of e^x'),
  arg('ArgMax', 'the position of the largest element along an axis'),
  arg('ArgMin', 'the position of the smallest element along an axis'),
];

function reduce(
  name: string,
  since: number,
  summary: string,
  combine?: (a: Dim, b: Dim) => Dim | undefined,
): OpRecord {
  return {
    name,
    since,
    summary: `${summary} over the given axes, or over all`,
    inputs: formals('data axes?'),
    outputs: formals('reduced'),
    attributes: { keepdims: int(1), noop_with_empty_axes: int(0) },
    traits: { fusion: 'reduction' },
    infer: (context) => {
      const { dtype, dims } = context.input(0);
      if (dtype === 'string') context.fail('takes numbers, not strings');
      const keep = context.int('keepdims') !== 0;
      const axes = reducedAxes(context, dims.length);
      if (axes === undefined) {
        const count = keep ? 0 : operandLength(context, 1);
        if (count === undefined) return undefined;
        return [{ dtype, dims: unknownDims(context, Math.max(0, dims.length - count)) }];
      }
      const elements = combine && foldAll(context, dtype, axes, combine);
      return [outputOf(dtype, reducedDims(dims, axes, keep), elements)];
    },
  };
}

/** The axes to reduce; undefined where they are computed at run time. */
function reducedAxes(context: InferContext, rank: number): readonly number[] | undefined {
  const absent = context.int('noop_with_empty_axes') === 0 ? allAxes(rank) : [];
  const axes = axesOperand(context, 1, rank, absent);
  return axes?.length === 0 ? absent : axes;
}

function reducedDims(dims: readonly Dim[], axes: readonly number[], keep: boolean): readonly Dim[] {
  return keep
    ? dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
    : dims.filter((_, axis) => !axes.includes(axis));
}

/** The known elements of a whole list folded into one: shapes are lists, and 0-d stays as it is. */
function foldAll(
  context: InferContext,
  dtype: DType,
  axes: readonly number[],
  combine: (a: Dim, b: Dim) => Dim | undefined,
): Elements | undefined {
  const elements = context.elements(0);
  const [first, ...rest] = elements ?? [];
  if (first === undefined || context.input(0).dims.length > 1) return undefined;
  if (axes.length === 0) return elements;
  let result: Dim | undefined = first;
  for (const element of rest) {
    result = result === undefined ? undefined : combine(result, element);
  }
  const fitted = result === undefined ? undefined : fitElement(result, dtype);
  return fitted === undefined ? undefined : [fitted];
}

function arg(name: string, summary: string): OpRecord {
  return {
    name,
    since: 13,
    summary,
    inputs: formals('data'),
    outputs: formals('reduced'),
    attributes: { axis: int(0), keepdims: int(1), select_last_index: int(0) },
    traits: { fusion: 'reduction' },
    infer: (context) => {
      requireDType(context, 0, 'number');
      const { dims } = context.input(0);
      const axis = context.axis(context.int('axis'), dims.length);
      if (dims.length > 0 && isBound(dimAt(context, dims, axis)) && dims[axis] === 0) {
        context.fail(`has no element along axis ${axis}`);
      }
      return [{ dtype: 'int64', dims: reducedDims(dims, [axis], context.int('keepdims') !== 0) }];
    },
  };
}
