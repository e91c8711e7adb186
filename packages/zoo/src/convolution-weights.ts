/**
 * Parameters of a convolution as training would leave them in scale: activations keep their size
 * through any depth, and channels differ.
 *
 * Filters have the variance 1 / (fan-in * E[x^2]), so that the outputs have the mean square 1. What
 * a BatchNormalization after them would have measured follows from the filters: a filter `w` gives
 * the mean `E[x] * sum(w)` and, if the inputs were independent, the variance `Var[x] * sum(w^2)`.
 * The statistics here are these, moved by up to a fifth of a standard deviation, so that a wrong
 * treatment of any of them shows in the outputs.
 *
 * Source of the scaling: He, Zhang, Ren, Sun, "Delving Deep into Rectifiers" (2015).
 */

import { elementCount, type Tensor, tensorFrom, tensorOf, typedArrayOf } from '@whittle/ir';

import type { Moments } from './distribution.js';
import type { SeededWeights } from './seeded-weights.js';

/** Of batch normalization, in the order of the op's inputs; each of [channels]. */
export interface Normalization {
  readonly scale: Tensor;
  readonly shift: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
}

export const normalizationEpsilon = 1e-5;

/** How far neighbours in an image correlate, roughly: channels are independent, pixels are not. */
const likeness = 1 / 3;

/** Filters of dims [channels, channels in / group, ...kernel], or a matrix [rows, columns]. */
export function drawFilters(
  weights: SeededWeights,
  dims: readonly number[],
  { mean, variance }: Moments,
): Tensor {
  const bound = Math.sqrt(3 / (fanIn(dims) * (variance + mean ** 2)));
  return weights.uniform(dims, -bound, bound);
}

export function drawBias(weights: SeededWeights, channels: number): Tensor {
  return weights.uniform([channels], -0.2, 0.2);
}

/** Normalization of inputs of which `expected` says, for each channel, what training measured. */
export function drawNormalization(
  weights: SeededWeights,
  expected: readonly Moments[],
): Normalization {
  const channels = [expected.length];
  const drift = numbers(weights.uniform(channels, -0.2, 0.2));
  const stretch = numbers(weights.uniform(channels, 0.8, 1.25));
  return {
    scale: weights.uniform(channels, 0.8, 1.2),
    shift: weights.uniform(channels, -0.2, 0.2),
    mean: tensorOf(
      'float32',
      channels,
      expected.map(({ mean, variance }, c) => mean + (drift[c] ?? 0) * Math.sqrt(variance)),
    ),
    variance: tensorOf(
      'float32',
      channels,
      expected.map(({ variance }, c) => variance * (stretch[c] ?? 1)),
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

/** Of each output channel of a convolution without bias, of inputs of these moments. */
export function momentsPerFilter(filters: Tensor, input: Moments): readonly Moments[] {
  const [channels = 0, , ...kernel] = filters.dims;
  const size = fanIn(filters.dims);
  const pixels = elementCount(kernel);
  const data = numbers(filters);
  return Array.from({ length: channels }, (_, channel) => {
    let [sum, squares, squaredSums] = [0, 0, 0];
    for (let start = channel * size; start < (channel + 1) * size; start += pixels) {
      let windowSum = 0;
      for (const weight of data.subarray(start, start + pixels)) {
        windowSum += weight;
        squares += weight * weight;
      }
      sum += windowSum;
      squaredSums += windowSum * windowSum;
    }
    const spread = likeness * squaredSums + (1 - likeness) * squares;
    return { mean: input.mean * sum, variance: input.variance * spread };
  });
}

/** The inputs that each output of a convolution sums over. */
function fanIn([, ...dims]: readonly number[]): number {
  return elementCount(dims);
}

function numbers(tensor: Tensor): Float32Array {
  const data = typedArrayOf(tensor);
  if (data instanceof Float32Array) return data;
  throw new TypeError(`Weights are float32, not ${tensor.dtype}.`);
}
