/**
 * The elementwise ops that fit neither table of rows: of any number of inputs, of three, or with a
 * dtype to choose.
 */

import { addDims, type Dim, isBound, maxDims, minDims } from '../dim.js';
import { type DType, dtypeFromCode, isFloat } from '../dtype.js';
import type { InferContext, InferredOutput, OpRecord } from '../op-record.js';
import { broadcastDims, broadcastsTo } from './broadcast.js';
import { requireDType, requireRank, requireSameDType } from './checks.js';
import { foldElements, outputOf } from './known-elements.js';
import { formals, int, required } from './signature.js';

export const elementwiseOps: readonly OpRecord[] = [
  variadic('Min', 13, 'the smallest of the inputs', minDims),
  variadic('Max', 13, 'the largest of the inputs', maxDims),
  variadic('Sum', 13, 'the sum of the inputs', addDims),
  variadic('Mean', 13, 'the mean of the inputs'),
  {
    name: 'Clip',
    since: 13,
    summary: 'min(max(x, low), high), an absent bound being none',
    inputs: formals('input min? max?'),
    outputs: formals('output'),
    attributes: {},
    traits: { fusion: 'elementwise', idempotent: true },
    infer: (context) => {
      requireDType(context, 0, 'number');
      const dtype = requireSameDType(context, [0, 1, 2]);
      for (const bound of [1, 2]) if (context.has(bound)) requireScalar(context, bound);
      return [{ dtype, dims: context.input(0).dims }];
    },
  },
  {
    name: 'PRelu',
    since: 16,
    summary: 'x if x >= 0, else slope * x, slope broadcast to x',
    inputs: formals('X slope'),
    outputs: formals('Y'),
    attributes: {},
    traits: { fusion: 'elementwise' },
    infer: (context) => {
      requireDType(context, 0, 'number');
      const dtype = requireSameDType(context, [0, 1]);
      const { dims } = context.input(0);
      if (broadcastsTo(context.input(1).dims, dims) === false) {
        context.fail('has a slope that does not broadcast to its input');
      }
      return [{ dtype, dims }];
    },
  },
  {
    name: 'Where',
    since: 16,
    summary: 'x where the condition holds, else y',
    inputs: formals('condition X Y'),
    outputs: formals('output'),
    attributes: {},
    traits: { fusion: 'elementwise' },
    infer: (context) => {
      requireDType(context, 0, 'bool');
      const dtype = requireSameDType(context, [1, 2]);
      const dims = broadcastDims(
        context,
        [0, 1, 2].map((index) => context.input(index).dims),
      );
      const pick = ([condition, x, y]: readonly Dim[]) =>
        isBound(condition ?? 0) ? (condition === 0 ? y : x) : undefined;
      return [outputOf(dtype, dims, foldElements(context, dtype, dims, pick))];
    },
  },
  {
    name: 'Cast',
    since: 19,
    summary: 'the input in another dtype; float to integer drops the fraction',
    inputs: formals('input'),
    outputs: formals('output'),
    attributes: { to: required(int()), saturate: int(1) },
    traits: { fusion: 'elementwise' },
    infer: (context) => {
      const code = context.int('to');
      const to = dtypeFromCode(code) ?? context.fail(`casts to dtype ${code}, which is not known`);
      return [castOutput(context, to)];
    },
  },
  {
    name: 'CastLike',
    since: 19,
    summary: 'the first input in the dtype of the second',
    inputs: formals('input target_type'),
    outputs: formals('output'),
    attributes: { saturate: int(1) },
    traits: { fusion: 'elementwise' },
    infer: (context) => [{ dtype: context.input(1).dtype, dims: context.input(0).dims }],
  },
];

function variadic(
  name: string,
  since: number,
  summary: string,
  combine?: (a: Dim, b: Dim) => Dim,
): OpRecord {
  return {
    name,
    since,
    summary,
    inputs: formals('data*'),
    outputs: formals('result'),
    attributes: {},
    traits: { fusion: 'elementwise' },
    infer: (context) => {
      const inputs = Array.from({ length: context.inputCount }, (_, index) => index);
      for (const index of inputs) requireDType(context, index, 'number');
      const dtype = requireSameDType(context, inputs);
      const dims = broadcastDims(
        context,
        inputs.map((index) => context.input(index).dims),
      );
      if (combine === undefined || isFloat(dtype)) return [{ dtype, dims }];
      const fold = (operands: readonly Dim[]) => operands.reduce(combine);
      return [outputOf(dtype, dims, foldElements(context, dtype, dims, fold))];
    },
  };
}

function castOutput(context: InferContext, dtype: DType): InferredOutput {
  const { dims } = context.input(0);
  const convert = ([x]: readonly Dim[]) =>
    x !== undefined && isBound(x) && !isFloat(dtype) && dtype !== 'bool' ? Math.trunc(x) : x;
  return outputOf(dtype, dims, foldElements(context, dtype, dims, convert));
}

/** Bounds of Clip are 0-d; a lone element in one dim, as some exporters write, is taken as well. */
function requireScalar(context: InferContext, index: number): void {
  const { dims } = context.input(index);
  if (dims.length === 1 && dims[0] === 1) return;
  requireRank(context, index, 0);
}
