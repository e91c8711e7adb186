/**
 * Parameters of a convolution as training would leave them in scale: activations keep their size
 * through any depth, and channels differ.
 *
 * Filters have the variance 1 / fan-in. What a BatchNormalization after them would have measured
 * follows from the filters, if the inputs were independent and normal, or normal and then
 * rectified: a filter `w` gives the mean `E[x] * sum(w)` and the variance `Var[x] * sum(w^2)`. The
 * statistics here are these, moved by up to a fifth of a standard deviation, so that a wrong
 * treatment of any of them shows in the outputs.
 *
 * Source of the scaling: He, Zhang, Ren, Sun, "Delving Deep into Rectifiers" (2015).
 */

import { type Tensor, tensorFrom, typedArrayOf } from '@whittle/ir';

import type { SeededWeights } from './seeded-weights.js';

/** The mean and variance of each element that flows into a layer. */
export interface InputStatistics {
  readonly mean: number;
  readonly variance: number;
}

/** Of an image, or of the output of a layer without activation. */
export const normal: InputStatistics = { mean: 0, variance: 1 };

/** Of the output of ReLU, and nearly so of ReLU6. */
export const rectifiedNormal: InputStatistics = {
  mean: 1 / Math.sqrt(2 * Math.PI),
  variance: 1 / 2 - 1 / (2 * Math.PI),
};

/** Of the largest among neighbours in the output of ReLU, roughly. */
export const pooled: InputStatistics = { mean: 1.2, variance: 0.6 };

/** Of the output of ReLU after a residual is added, roughly. */
export const rectifiedSum: InputStatistics = { mean: 0.7, variance: 0.9 };

/** Of batch normalization, in the order of the op's inputs; each of [channels]. */
export interface Normalization {
  readonly scale: Tensor;
  readonly shift: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
}

export const normalizationEpsilon = 1e-5;

/** Filters of dims [channels, channels in / group, ...kernel]. */
export function drawFilters(weights: SeededWeights, dims: readonly number[]): Tensor {
  const bound = Math.sqrt(3 / fanIn(dims));
  return weights.uniform(dims, -bound, bound);
}

export function drawNormalization(
  weights: SeededWeights,
  filters: Tensor,
  input: InputStatistics,
): Normalization {
  const channels = filters.dims.slice(0, 1);
  const expected = outputStatistics(filters, input);
  const deviation = expected.variance.map(Math.sqrt);
  const drift = numbers(weights.uniform(channels, -0.2, 0.2));
  const stretch = numbers(weights.uniform(channels, 0.8, 1.25));
  return {
    scale: weights.uniform(channels, 0.8, 1.2),
    shift: weights.uniform(channels, -0.2, 0.2),
    mean: tensorFrom(
      'float32',
      channels,
      expected.mean.map((mean, c) => mean + (drift[c] ?? 0) * (deviation[c] ?? 0)),
    ),
    variance: tensorFrom(
      'float32',
      channels,
      expected.variance.map((variance, c) => variance * (stretch[c] ?? 1)),
    ),
  };
}

/** The convolution with bias that equals `filters` followed by `normalization`. */
export function foldNormalization(
  filters: Tensor,
  { scale, shift, mean, variance }: Normalization,
): { filters: Tensor; bias: Tensor } {
  const shifts = numbers(shift);
  const means = numbers(mean);
  const variances = numbers(variance);
  const factor = numbers(scale).map(
    (value, c) => value / Math.sqrt((variances[c] ?? 0) + normalizationEpsilon),
  );
  const bias = factor.map((value, c) => (shifts[c] ?? 0) - value * (means[c] ?? 0));
  const size = fanIn(filters.dims);
  const folded = numbers(filters).map((value, i) => value * (factor[Math.floor(i / size)] ?? 0));
  return {
    filters: tensorFrom('float32', filters.dims, folded),
    bias: tensorFrom('float32', scale.dims, bias),
  };
}

/** The mean and variance of each output channel, for independent inputs. */
function outputStatistics(
  filters: Tensor,
  input: InputStatistics,
): { mean: Float32Array; variance: Float32Array } {
  const [channels = 0] = filters.dims;
  const size = fanIn(filters.dims);
  const data = numbers(filters);
  const mean = new Float32Array(channels);
  const variance = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    let squares = 0;
    for (const value of data.subarray(channel * size, (channel + 1) * size)) {
      sum += value;
      squares += value * value;
    }
    mean[channel] = input.mean * sum;
    variance[channel] = input.variance * squares;
  }
  return { mean, variance };
}

/** The inputs that each output of a convolution sums over. */
function fanIn([, ...dims]: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

function numbers(tensor: Tensor): Float32Array {
  const data = typedArrayOf(tensor);
  if (data instanceof Float32Array) return data;
  throw new TypeError(`Weights are float32, not ${tensor.dtype}.`);
}
