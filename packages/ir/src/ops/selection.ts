/**
 * Ops whose result depends on the order or the value of elements: sorting, counting, masks.
 */

import type { Dim } from '../dim.js';
import { isBound } from '../dim.js';
import type { InferContext, OpRecord } from '../op-record.js';
import { dimAt, requireDType, requireRankAtLeast } from './checks.js';
import { isNonNegative } from './element-arithmetic.js';
import { elementsOfInput } from './known-elements.js';
import { formals, int } from './signature.js';

export const selectionOps: readonly OpRecord[] = [
  {
    name: 'TopK',
    since: 11,
    summary: 'the K largest or smallest elements along an axis, and where they are',
    inputs: formals('X K'),
    outputs: formals('Values Indices'),
    attributes: { axis: int(-1), largest: int(1), sorted: int(1) },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      const dtype = requireDType(context, 0, 'number');
      const dims = requireRankAtLeast(context, 0, 1);
      requireDType(context, 1, 'index');
      const axis = context.axis(context.int('axis'), dims.length);
      const k = context.elements(1)?.[0] ?? context.unknownDim(axis);
      const size = dimAt(context, dims, axis);
      if (isBound(k) && (k < 0 || (isBound(size) && k > size))) {
        context.fail(`takes the first ${k} of an axis of ${isBound(size) ? size : 'unknown size'}`);
      }
      const kept = dims.with(axis, isNonNegative(k) ? k : context.unknownDim(axis));
      return [
        { dtype, dims: kept },
        { dtype: 'int64', dims: kept },
      ];
    },
    // K is an input: the true number of elements may be found out only when the model runs.
    mostDims: (context) => {
      const { dims } = context.input(0);
      return [dims, dims];
    },
  },
  {
    name: 'CumSum',
    since: 14,
    summary: 'running sums along an axis',
    inputs: formals('x axis'),
    outputs: formals('y'),
    attributes: { exclusive: int(0), reverse: int(0) },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      const { dims } = context.input(0);
      requireDType(context, 1, 'index');
      const axis = context.numbers(1)?.[0];
      if (axis !== undefined) context.axis(axis, dims.length);
      return [{ dtype: requireDType(context, 0, 'number'), dims }];
    },
  },
  {
    name: 'OneHot',
    since: 11,
    summary:
      'along a new axis of length depth, the on value at each index and the off value elsewhere',
    inputs: formals('indices depth values'),
    outputs: formals('output'),
    attributes: { axis: int(-1) },
    traits: { fusion: 'injective' },
    infer: (context) => {
      requireDType(context, 0, 'number');
      const { dims } = context.input(0);
      const axis = context.axis(context.int('axis'), dims.length + 1);
      return [
        { dtype: context.input(2).dtype, dims: dims.toSpliced(axis, 0, depthOf(context, axis)) },
      ];
    },
  },
  {
    name: 'Trilu',
    since: 14,
    summary: 'the matrices in the last two axes, zero below (upper) or above diagonal k',
    inputs: formals('input k?'),
    outputs: formals('output'),
    attributes: { upper: int(1) },
    traits: { fusion: 'injective' },
    infer: (context) => [
      { dtype: context.input(0).dtype, dims: requireRankAtLeast(context, 0, 2) },
    ],
  },
];

function depthOf(context: InferContext, axis: number): Dim {
  requireDType(context, 1, 'number');
  const depth = elementsOfInput(context, 1)?.[0];
  if (depth === undefined) return context.unknownDim(axis);
  if (!isBound(depth)) return isNonNegative(depth) ? depth : context.unknownDim(axis);
  const length = Math.trunc(depth);
  return length >= 1 ? length : context.fail(`has depth ${depth}`);
}
