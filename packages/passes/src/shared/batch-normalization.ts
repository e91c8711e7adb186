/** Batch normalisation at inference as what it is: one factor and one summand for each channel. */

import { type Tensor, typedArrayOf } from '@whittle/ir';

export interface BatchNormalizationConstants {
  readonly scale: Tensor;
  readonly bias: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly epsilon: number;
}

/**
 * `scale / sqrt(variance + epsilon)` and `bias − mean · scale / sqrt(variance + epsilon)`, in f64;
 * undefined where a constant is neither f32 nor f64.
 */
export function batchNormalizationAffine(
  constants: BatchNormalizationConstants,
): { readonly scale: Float64Array; readonly shift: Float64Array } | undefined {
  const gamma = numbersOfFloat(constants.scale);
  const beta = numbersOfFloat(constants.bias);
  const mean = numbersOfFloat(constants.mean);
  const variance = numbersOfFloat(constants.variance);
  if (!gamma || !beta || !mean || !variance) return undefined;
  const scale = gamma.map((g, i) => g / Math.sqrt((variance[i] ?? 0) + constants.epsilon));
  const shift = scale.map((s, i) => (beta[i] ?? 0) - (mean[i] ?? 0) * s);
  return { scale, shift };
}

function numbersOfFloat(tensor: Tensor): Float64Array | undefined {
  if (tensor.dtype !== 'float32' && tensor.dtype !== 'float64') return undefined;
  return Float64Array.from(typedArrayOf(tensor), Number);
}
