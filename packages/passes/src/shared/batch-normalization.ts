/** Batch normalisation at inference as what it is: one factor and one summand for each channel. */

import type { Tensor } from '@whittle/ir';
import { doublesOf } from './floats.js';

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
  const gamma = doublesOf(constants.scale);
  const beta = doublesOf(constants.bias);
  const mean = doublesOf(constants.mean);
  const variance = doublesOf(constants.variance);
  if (!gamma || !beta || !mean || !variance) return undefined;
  const scale = gamma.map((g, i) => g / Math.sqrt((variance[i] ?? 0) + constants.epsilon));
  const shift = scale.map((s, i) => (beta[i] ?? 0) - (mean[i] ?? 0) * s);
  return { scale, shift };
}
