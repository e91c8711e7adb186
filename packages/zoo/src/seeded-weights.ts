/**
 * Weights for models without training: one stream of pseudo-random numbers for a whole model, the
 * same on every machine.
 */

import { elementCount, seededIntegers, type Tensor, tensorFrom } from '@whittle/ir';

export interface SeededWeights {
  /** A float32 tensor with elements spread evenly over [low, high), the next ones of the stream. */
  uniform(dims: readonly number[], low: number, high: number): Tensor;
}

export function seededWeights(seed: number): SeededWeights {
  const next = seededIntegers(seed);
  const uniform = (dims: readonly number[], low: number, high: number): Tensor => {
    const data = new Float32Array(elementCount(dims));
    const step = (high - low) / 2 ** 32;
    for (let i = 0; i < data.length; i++) data[i] = low + step * next();
    return tensorFrom('float32', dims, data);
  };
  return { uniform };
}
