/**
 * Weights for models without training: a stream of pseudo-random numbers that is the same on every
 * machine, since it uses 32-bit integer arithmetic and correctly rounded operations alone.
 *
 * Source: the `mulberry32` generator by Tommy Ettinger, in the public domain.
 */

import { elementCount, type Tensor, tensorFrom } from '@whittle/ir';

export interface SeededWeights {
  /** A float32 tensor with elements spread evenly over [low, high), drawn from the stream. */
  uniform(dims: readonly number[], low: number, high: number): Tensor;
}

export function seededWeights(seed: number): SeededWeights {
  let state = seed | 0;
  const uniform = (dims: readonly number[], low: number, high: number): Tensor => {
    const data = new Float32Array(elementCount(dims));
    const step = (high - low) / 2 ** 32;
    for (let i = 0; i < data.length; i++) {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      data[i] = low + step * ((mixed ^ (mixed >>> 14)) >>> 0);
    }
    return tensorFrom('float32', dims, data);
  };
  return { uniform };
}
