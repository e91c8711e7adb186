/**
 * Separable convolution in one op: a depthwise convolution, which filters each channel on its own,
 * then a pointwise one, which mixes the channels of each pixel. With an expansion E before them, a
 * pointwise convolution too, it is the inverted residual block of MobileNetV2; with E and without P
 * it is the first half of such a block, before squeeze-and-excite.
 *
 *     e = expand_activation(X ∗ E + BE)            [N, C, …], or X itself where E is absent
 *     d = depthwise_activation(e ∗ D + BD)         [N, C · m, …], group = C
 *     Y = activation(d ∗ P + BP + R)               [N, M, …]
 *     Y = activation(e ∗ D + BD + R)               [N, C · m, …], where P is absent
 *
 * D is [C · m, 1, …kernel] with m filters a channel; P is [M, C · m, 1, …]; E is [C, Cin, 1, …].
 * Strides, pads and dilations are those of the depthwise convolution. `band_rows` is how many rows of
 * Y, positions along its first spatial axis, are computed at a time: a matter of time and memory
 * alone. What the op means is what its stages mean one after another: see `separableStages`.
 */

import { type Dim, dimsEqual, formatDim, formatDims, isBound, modDims } from '../dim.js';
import type { InferContext, OpRecord } from '../op-record.js';
import {
  dimAt,
  requireDType,
  requireRank,
  requireRankAtLeast,
  requireSameDim,
  requireSameDType,
} from './checks.js';
import { requireBias, requireResidual } from './convolution.js';
import { activationAttributes, checkEpilogue, epilogueAttributes } from './epilogue.js';
import { formals, int, ints } from './signature.js';
import { explicitWindow, slideWindow } from './window.js';

export const separableConvolutionOps: readonly OpRecord[] = [
  {
    name: 'SeparableConv',
    summary:
      'depthwise convolution with D, after pointwise with E if given, before pointwise with P',
    inputs: formals('X D P? BD? BP? R? E? BE?'),
    outputs: formals('Y'),
    attributes: {
      band_rows: int(1),
      dilations: ints(),
      pads: ints(),
      strides: ints(),
      ...activationAttributes('expand_'),
      ...activationAttributes('depthwise_'),
      ...epilogueAttributes,
    },
    traits: { fusion: 'anchor', epilogue: true },
    infer: (context) => {
      requireDType(context, 0, 'float');
      const dtype = requireSameDType(context, [0, 1, 2, 3, 4, 5, 6, 7]);
      const x = requireRankAtLeast(context, 0, 3);
      const expanded = requireExpansion(context, x);
      const filtered = requireDepthwise(context, expanded, x.length);
      const outputs = requireProjection(context, filtered, x.length);
      const kernel = requireRank(context, 1, x.length).slice(2);
      const window = explicitWindow(context, kernel.length);
      const spatial = slideWindow(context, x.slice(2), kernel, window, false);
      const dims = [dimAt(context, x, 0), outputs, ...spatial];
      requireResidual(context, 5, dims);
      if (context.int('band_rows') < 1) context.fail(`has ${context.int('band_rows')} band_rows`);
      for (const stage of ['expand_', 'depthwise_', '']) checkEpilogue(context, stage);
      return [{ dtype, dims }];
    },
  },
];

/** The channels that the depthwise convolution filters: those of X, or what E makes of them. */
function requireExpansion(context: InferContext, x: readonly Dim[]): Dim {
  const channels = dimAt(context, x, 1);
  if (!context.has(6)) {
    if (context.has(7)) context.fail('has a bias BE but no expansion E');
    if (context.node.attributes.expand_activation !== undefined) {
      context.fail('has an expand_activation but no expansion E before it');
    }
    return channels;
  }
  const [expanded = 0] = requirePointwise(context, 6, channels, x.length);
  requireBias(context, 7, expanded);
  return expanded;
}

/** The channels that the depthwise convolution gives: a whole number for each of its inputs. */
function requireDepthwise(context: InferContext, channels: Dim, rank: number): Dim {
  const filter = requireRank(context, 1, rank);
  const filtered = dimAt(context, filter, 0);
  requireSameDim(context, dimAt(context, filter, 1), 1, 'input channels of a filter of D');
  if (isBound(channels)) {
    const rest = modDims(filtered, channels);
    if (isBound(rest) && rest !== 0) {
      context.fail(
        `has ${formatDim(filtered)} filters in D, not as many for each of ${channels} channels`,
      );
    }
  }
  requireBias(context, 3, filtered);
  return filtered;
}

/** The channels of the output. */
function requireProjection(context: InferContext, filtered: Dim, rank: number): Dim {
  if (!context.has(2)) {
    if (context.has(4)) context.fail('has a bias BP but no filter P');
    if (context.node.attributes.depthwise_activation !== undefined) {
      context.fail('has a depthwise_activation but no filter P after it');
    }
    return filtered;
  }
  const [outputs = 0] = requirePointwise(context, 2, filtered, rank);
  requireBias(context, 4, outputs);
  return outputs;
}

/** The dims of a filter that reaches one pixel. */
function requirePointwise(
  context: InferContext,
  input: number,
  channels: Dim,
  rank: number,
): readonly Dim[] {
  const filter = requireRank(context, input, rank);
  requireSameDim(context, dimAt(context, filter, 1), channels, `channels into filter ${input}`);
  const kernel = filter.slice(2);
  if (
    !dimsEqual(
      kernel,
      kernel.map(() => 1),
    )
  ) {
    context.fail(`has kernel dims ${formatDims(kernel)} in a filter that reaches one pixel`);
  }
  return filter;
}
