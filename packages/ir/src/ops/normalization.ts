/**
 * Normalisations, in the form they have at inference.
 */

import { type Dim, isBound } from '../dim.js';
import type { AttributeSpec, InferContext, OpRecord } from '../op-record.js';
import { broadcastsTo } from './broadcast.js';
import {
  dimAt,
  requireAxes,
  requireDType,
  requireRank,
  requireRankAtLeast,
  requireSameDim,
} from './checks.js';
import { float, formals, int, ints, required } from './signature.js';

export const normalizationOps: readonly OpRecord[] = [
  {
    name: 'BatchNormalization',
    since: 15,
    summary: '(x - mean) / sqrt(variance + epsilon) * scale + B, by channel',
    inputs: formals('X scale B input_mean input_var'),
    outputs: formals('Y'),
    attributes: { epsilon: float(1e-5), momentum: float(0.9), training_mode: int(0) },
    traits: { fusion: 'injective' },
    infer: (context) => {
      const dtype = requireDType(context, 0, 'float');
      if (context.int('training_mode') !== 0) context.fail('is in training mode');
      const { dims } = context.input(0);
      for (const index of [1, 2, 3, 4]) requireChannelVector(context, index, dims[1] ?? 1);
      return [{ dtype, dims }];
    },
  },
  {
    name: 'InstanceNormalization',
    since: 6,
    summary: 'each channel of each sample brought to mean 0 and variance 1, then scale and B',
    inputs: formals('input scale B'),
    outputs: formals('output'),
    attributes: { epsilon: float(1e-5) },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      const dtype = requireDType(context, 0, 'float');
      const dims = requireRankAtLeast(context, 0, 3);
      for (const index of [1, 2]) requireChannelVector(context, index, dimAt(context, dims, 1));
      return [{ dtype, dims }];
    },
  },
  {
    name: 'GroupNormalization',
    since: 21,
    summary: 'each group of channels brought to mean 0 and variance 1, then scale and bias',
    inputs: formals('X scale bias'),
    outputs: formals('Y'),
    attributes: { epsilon: float(1e-5), num_groups: required(int()), stash_type: int(1) },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      const dtype = requireDType(context, 0, 'float');
      const dims = requireRankAtLeast(context, 0, 2);
      const channels = dimAt(context, dims, 1);
      const groups = context.int('num_groups');
      if (groups < 1 || (isBound(channels) && channels % groups !== 0)) {
        context.fail(`has ${groups} groups, which do not divide its channels`);
      }
      for (const index of [1, 2]) requireChannelVector(context, index, channels);
      return [{ dtype, dims }];
    },
  },
  {
    name: 'LayerNormalization',
    since: 17,
    summary: 'the axes from `axis` on brought to mean 0 and variance 1, then Scale and B',
    inputs: formals('X Scale B?'),
    outputs: formals('Y Mean? InvStdDev?'),
    attributes: { axis: int(-1), epsilon: float(1e-5), stash_type: int(1) },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      const dtype = requireDType(context, 0, 'float');
      const { dims } = context.input(0);
      const axis = context.axis(context.int('axis'), dims.length);
      for (const index of [1, 2]) {
        if (context.has(index) && broadcastsTo(context.input(index).dims, dims) === false) {
          context.fail(`has an input ${index} that does not broadcast to X`);
        }
      }
      const statistics = dims.map((dim, i) => (i < axis ? dim : 1));
      return [
        { dtype, dims },
        { dtype: 'float32', dims: statistics },
        { dtype: 'float32', dims: statistics },
      ];
    },
  },
  {
    name: 'RMSNormalization',
    since: 23,
    summary: 'the axes from `axis` on divided by the square root of their mean square, then scale',
    inputs: formals('X scale'),
    outputs: formals('Y'),
    attributes: { axis: int(-1), epsilon: float(1e-5), stash_type: int(1) },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      requireDType(context, 0, 'float');
      const dtype = requireDType(context, 1, 'float');
      const { dims } = context.input(0);
      context.axis(context.int('axis'), dims.length);
      if (broadcastsTo(context.input(1).dims, dims) === false) {
        context.fail('has a scale that does not broadcast to X');
      }
      return [{ dtype, dims }];
    },
  },
  sameDims(
    'LRN',
    13,
    'x / (bias + alpha / size * sum of squares over nearby channels) ^ beta',
    {
      alpha: float(1e-4),
      beta: float(0.75),
      bias: float(1),
      size: required(int()),
    },
    (context) => {
      requireRankAtLeast(context, 0, 2);
      if (context.int('size') < 1) context.fail(`has size ${context.int('size')}`);
    },
  ),
  sameDims(
    'LpNormalization',
    1,
    'x divided by its p-norm along an axis',
    {
      axis: int(-1),
      p: int(2),
    },
    requireAxis,
  ),
  sameDims(
    'MeanVarianceNormalization',
    13,
    '(x - mean) / standard deviation, over `axes`',
    {
      axes: ints([0, 2, 3]),
    },
    (context) => requireAxes(context, context.ints('axes'), context.input(0).dims.length),
  ),
  sameDims(
    'Softmax',
    13,
    'e^x divided by the sum of e^x along an axis',
    { axis: int(-1) },
    requireAxis,
  ),
  sameDims('LogSoftmax', 13, 'the logarithm of Softmax', { axis: int(-1) }, requireAxis),
  sameDims(
    'Hardmax',
    13,
    '1 at the first largest element along an axis, else 0',
    { axis: int(-1) },
    requireAxis,
  ),
];

/** An op of floats whose output has the dims of its input. */
function sameDims(
  name: string,
  since: number,
  summary: string,
  attributes: Readonly<Record<string, AttributeSpec>>,
  check: (context: InferContext) => unknown,
): OpRecord {
  return {
    name,
    since,
    summary,
    inputs: formals('X'),
    outputs: formals('Y'),
    attributes,
    traits: { fusion: 'opaque' },
    infer: (context) => {
      check(context);
      return [{ dtype: requireDType(context, 0, 'float'), dims: context.input(0).dims }];
    },
  };
}

function requireAxis(context: InferContext): number {
  return context.axis(context.int('axis'), context.input(0).dims.length);
}

function requireChannelVector(context: InferContext, index: number, channels: Dim): void {
  const [length = channels] = requireRank(context, index, 1);
  requireSameDim(context, length, channels, `length of input ${index} and channels`);
}
