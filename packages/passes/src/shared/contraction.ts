/**
 * Folding a per-channel affine map `y · scale + shift` into the op that computes `y`: a convolution,
 * a transposed convolution or a matrix product, whose weights and bias are constants.
 *
 *     scale · (W ∗ x + b) + shift = (scale · W) ∗ x + (scale · b + shift)
 *
 * Products are formed in f64 and rounded once, to the dtype of the weights.
 */

import {
  type Node,
  optionalAttribute,
  type Rewriter,
  requiredAttribute,
  type Value,
} from '@whittle/ir';
import { expandChannels } from './channels.js';
import { areFinite, doublesOf, floatsOf, roundedTensor, tensorOfFloats } from './floats.js';
import { scaleWeights, type WeightLayout, weightLayout } from './weight-layout.js';

/** The ops into whose weights and bias an affine map can go. A MatMul has no bias. */
export const contractionOps = ['Conv', 'ConvTranspose', 'Gemm', 'MatMul'] as const;

export interface ChannelAffine {
  /** One factor for each channel; absent for 1, which leaves the weights as they are. */
  readonly scale?: Float64Array;
  /** One summand for each channel; absent for 0. */
  readonly shift?: Float64Array;
}

/** The axis of a contraction's result, or of its input, that the channels lie on. */
export function channelAxis(node: Node, rank: number): number {
  return node.op === 'MatMul' ? rank - 1 : 1;
}

/** The layout of a contraction's weights; undefined where they are no constant of f32 or f64. */
export function constantLayout(node: Node): WeightLayout | undefined {
  const weights = node.inputs[1]?.constant;
  if (weights === undefined || floatsOf(weights) === undefined) return undefined;
  if (node.op === 'MatMul' && weights.dims.length !== 2) return undefined;
  return weightLayout(node, weights);
}

/**
 * The contraction with the affine map folded in, or undefined where that is not possible: the
 * weights or the bias are no constants of f32 or f64, the map is not finite, the node has an
 * activation or a residual already, or the weights have other readers and would be stored twice.
 */
export function foldIntoWeights(
  node: Node,
  affine: ChannelAffine,
  rewriter: Rewriter,
): Value | undefined {
  const [input, weights, bias, residual] = node.inputs;
  if (residual || optionalAttribute(node, 'activation', 'string') !== undefined) return undefined;
  const { scale, shift } = affine;
  const layout = constantLayout(node);
  const floats = floatsOf(weights?.constant);
  if (!layout || !floats || !weights?.constant) return undefined;
  if (scale && rewriter.useCount(weights) > 1) return undefined;
  if (!areFinite(scale) || !areFinite(shift)) return undefined;
  const oldBias = biasOf(node, bias, layout.outputs);
  if (oldBias === undefined) return undefined;
  const newBias = oldBias.map((b, i) => b * (scale?.[i] ?? 1) + (shift?.[i] ?? 0));
  const scaled = scale && scaleWeights(floats, layout, 'outputs', scale);
  // A weight that overflows where its product with a small input did not would make it infinite.
  if (!areFinite(newBias) || (scaled && !areFinite(scaled))) return undefined;
  const newWeights = scaled && tensorOfFloats(weights.constant.dims, scaled);
  const operands = [input, newWeights ? rewriter.constant(newWeights, weights.name) : weights];
  if (bias === undefined && shift === undefined) {
    return rewriter.op(node.op, operands, node.attributes, { name: node.name });
  }
  const vector = rewriter.constant(
    roundedTensor(floats, [layout.outputs], newBias),
    bias?.name ?? `${weights.name}_bias`,
  );
  return withBias(node, operands, vector, rewriter);
}

/** The contraction with that bias; of a MatMul that is a Gemm, which is one of two matrices. */
export function withBias(
  node: Node,
  operands: readonly (Value | undefined)[],
  bias: Value,
  rewriter: Rewriter,
): Value | undefined {
  const named = { name: node.name };
  if (node.op === 'MatMul') {
    const areMatrices = node.inputs.every((input) => input?.type?.dims.length === 2);
    const isPlain = optionalAttribute(node, 'activation', 'string') === undefined;
    return areMatrices && isPlain ? rewriter.op('Gemm', [...operands, bias], {}, named) : undefined;
  }
  const attributes = node.op === 'Gemm' ? { ...node.attributes, beta: undefined } : node.attributes;
  return rewriter.op(node.op, [...operands, bias, ...node.inputs.slice(3)], attributes, named);
}

/** The bias of each channel, zeros where there is none; undefined where it is not known. */
export function biasOf(
  node: Node,
  bias: Value | undefined,
  channels: number,
): Float64Array | undefined {
  if (bias === undefined) return new Float64Array(channels);
  if (bias.constant === undefined) return undefined;
  if (node.op !== 'Gemm') return doublesOf(bias.constant);
  const beta = requiredAttribute(node, 'beta', 'float');
  return expandChannels(bias.constant, 2, 1, channels)?.map((b) => b * beta);
}
