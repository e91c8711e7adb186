/**
 * Folding a per-channel affine map `y · scale + shift` into the op that computes `y`: a convolution,
 * a transposed convolution or a matrix product, whose filter and bias are constants.
 *
 *     scale · (W ∗ x + b) + shift = (scale · W) ∗ x + (scale · b + shift)
 *
 * Products are formed in f64 and rounded once, to the dtype of the filter.
 */

import {
  type Node,
  optionalAttribute,
  type Rewriter,
  requiredAttribute,
  type Tensor,
  type Value,
} from '@whittle/ir';
import { expandChannels } from './channels.js';
import {
  areFinite,
  doublesOf,
  type Floats,
  floatsOf,
  roundedTensor,
  tensorOfFloats,
  zerosLike,
} from './floats.js';

/** The ops into whose filter and bias an affine map can go. */
export const contractionOps = ['Conv', 'ConvTranspose', 'Gemm'] as const;

export interface ChannelAffine {
  /** One factor for each output channel; absent for 1, which leaves the filter as it is. */
  readonly scale?: Float64Array;
  /** One summand for each output channel; absent for 0. */
  readonly shift?: Float64Array;
}

/** The axis of a contraction's result that its output channels lie on. */
export const channelAxis = 1;

/** The number of output channels, where the filter is a constant. */
export function outputChannels(node: Node): number | undefined {
  const filter = node.inputs[1]?.constant;
  return filter && filterLayout(node, filter).channels;
}

/**
 * The contraction with the affine map folded in, or undefined where that is not possible: the filter
 * or bias is not a constant of f32 or f64, the map is not finite, the node has an activation or a
 * residual already, or the filter has other readers and would be stored twice.
 */
export function foldIntoWeights(
  node: Node,
  affine: ChannelAffine,
  rewriter: Rewriter,
): Value | undefined {
  const [input, filter, bias, residual] = node.inputs;
  if (residual || optionalAttribute(node, 'activation', 'string') !== undefined) return undefined;
  const { scale, shift } = affine;
  if (scale && filter && rewriter.useCount(filter) > 1) return undefined;
  const weights = floatsOf(filter?.constant);
  if (!filter?.constant || !weights) return undefined;
  if (!areFinite(scale) || !areFinite(shift)) return undefined;
  const layout = filterLayout(node, filter.constant);
  const oldBias = biasOf(node, bias, layout.channels);
  if (oldBias === undefined) return undefined;
  const newBias = oldBias.map((b, i) => b * (scale?.[i] ?? 1) + (shift?.[i] ?? 0));
  const newFilter = scale
    ? rewriter.constant(scaleFilter(filter.constant, weights, scale, layout), filter.name)
    : filter;
  const biasConstant = rewriter.constant(
    roundedTensor(weights, [layout.channels], newBias),
    bias?.name ?? `${filter.name}_bias`,
  );
  const attributes = node.op === 'Gemm' ? { ...node.attributes, beta: undefined } : node.attributes;
  return rewriter.op(node.op, [input, newFilter, biasConstant], attributes, { name: node.name });
}

/** Where the output channel of a filter element is found: blocks of `inner` elements share one. */
interface FilterLayout {
  readonly channels: number;
  readonly inner: number;
  readonly channelOf: (block: number) => number;
}

function filterLayout(node: Node, filter: Tensor): FilterLayout {
  const [first = 1, second = 1, ...kernel] = filter.dims;
  const taps = kernel.reduce((product, size) => product * size, 1);
  if (node.op === 'ConvTranspose') {
    const group = requiredAttribute(node, 'group', 'int');
    const inputsPerGroup = first / group;
    return {
      channels: second * group,
      inner: taps,
      channelOf: (block) => Math.floor(block / second / inputsPerGroup) * second + (block % second),
    };
  }
  if (node.op === 'Gemm' && requiredAttribute(node, 'transB', 'int') === 0) {
    return { channels: second, inner: 1, channelOf: (block) => block % second };
  }
  return { channels: first, inner: second * taps, channelOf: (block) => block };
}

function scaleFilter(
  filter: Tensor,
  weights: Floats,
  scale: Float64Array,
  { inner, channelOf }: FilterLayout,
): Tensor {
  const scaled = zerosLike(weights, weights.length);
  for (let start = 0; start < scaled.length; start += inner) {
    const factor = scale[channelOf(start / inner)] ?? 1;
    for (let i = start; i < start + inner; i++) scaled[i] = (weights[i] ?? 0) * factor;
  }
  return tensorOfFloats(filter.dims, scaled);
}

/** The bias of each channel, zeros where there is none; undefined where it is not known. */
function biasOf(node: Node, bias: Value | undefined, channels: number): Float64Array | undefined {
  if (bias === undefined) return new Float64Array(channels);
  if (bias.constant === undefined) return undefined;
  if (node.op !== 'Gemm') return doublesOf(bias.constant);
  const beta = requiredAttribute(node, 'beta', 'float');
  return expandChannels(bias.constant, 2, channelAxis, channels)?.map((b) => b * beta);
}
