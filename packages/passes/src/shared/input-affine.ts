/**
 * Folding a per-channel affine map of what a contraction reads into its weights and bias.
 *
 *     W ∗ (scale · x + shift) = (W · scale) ∗ x + Σ W · shift           by input channel
 *
 * Padding stays out of the sum: the zeros around x would have to be −shift. A factor leaves them 0.
 */

import {
  type Node,
  optionalAttribute,
  type Rewriter,
  requiredAttribute,
  type Value,
} from '@whittle/ir';
import { biasOf, type ChannelAffine, constantLayout, withBias } from './contraction.js';
import { areFinite, floatsOf, roundedTensor, tensorOfFloats } from './floats.js';
import { scaleWeights, weightedInputs } from './weight-layout.js';

/**
 * The contraction of `x` instead of the map of it; undefined where the weights are no constants or
 * have other readers, where the bias is computed, and where a summand would count at the border.
 */
export function foldIntoInput(
  node: Node,
  x: Value,
  { scale, shift }: ChannelAffine,
  rewriter: Rewriter,
): Value | undefined {
  const [, weights, bias] = node.inputs;
  const layout = constantLayout(node);
  const floats = floatsOf(weights?.constant);
  if (!layout || !floats || !weights?.constant || isTurned(node)) return undefined;
  if (scale && rewriter.useCount(weights) > 1) return undefined;
  if (!areFinite(scale) || !areFinite(shift)) return undefined;
  const newWeights =
    scale && tensorOfFloats(weights.constant.dims, scaleWeights(floats, layout, 'inputs', scale));
  const operands = [x, newWeights ? rewriter.constant(newWeights, weights.name) : weights];
  if (shift === undefined) {
    const inputs = [...operands, ...node.inputs.slice(2)];
    return rewriter.op(node.op, inputs, node.attributes, { name: node.name });
  }
  const oldBias = biasOf(node, bias, layout.outputs);
  if (oldBias === undefined || !seesAllOfItsInput(node)) return undefined;
  const alpha = node.op === 'Gemm' ? requiredAttribute(node, 'alpha', 'float') : 1;
  const raised = weightedInputs(floats, layout, shift).map(
    (sum, i) => alpha * sum + (oldBias[i] ?? 0),
  );
  const vector = rewriter.constant(
    roundedTensor(floats, [layout.outputs], raised),
    bias?.name ?? `${weights.name}_bias`,
  );
  return withBias(node, operands, vector, rewriter);
}

/** A Gemm of the transpose of its input, which has its channels along the rows. */
function isTurned(node: Node): boolean {
  return node.op === 'Gemm' && requiredAttribute(node, 'transA', 'int') !== 0;
}

/**
 * Whether each element of the result takes every weight of its channel once: nothing is padded. A
 * transposed convolution does so where it has one tap and puts nothing between the pixels.
 */
function seesAllOfItsInput(node: Node): boolean {
  if (node.op === 'Gemm' || node.op === 'MatMul') return true;
  const mode = requiredAttribute(node, 'auto_pad', 'string');
  if (mode !== 'NOTSET' && mode !== 'VALID') return false;
  const all = (name: string, wanted: number) =>
    optionalAttribute(node, name, 'ints')?.every((number) => number === wanted) !== false;
  const isPadded = mode === 'NOTSET' && !all('pads', 0);
  if (node.op === 'Conv') return !isPadded;
  const taps = node.inputs[1]?.type?.dims.slice(2) ?? [];
  const isPixelwise = taps.every((size) => size === 1) && all('strides', 1);
  return !isPadded && isPixelwise && all('output_padding', 0) && all('output_shape', 0);
}
