/**
 * Pseudo-random tensors that are the same everywhere, for tests, examples and models without
 * trained weights.
 *
 * Source: the `mulberry32` generator by Tommy Ettinger, in the public domain.
 */

import type { DType } from './dtype.js';
import { CompilerError } from './errors.js';
import { elementCount, type Tensor, tensorOf } from './tensor.js';

/**
 * A float32 or float64 tensor with elements spread evenly over [-1, 1), each a multiple of 2^-23
 * and so exact in both.
 * @throws {CompilerError} `E_INVALID_GRAPH` for another dtype.
 */
export function seededTensor(dtype: DType, dims: readonly number[], seed: number): Tensor {
  if (dtype !== 'float32' && dtype !== 'float64') {
    throw new CompilerError(
      'E_INVALID_GRAPH',
      `Seeded tensors are float32 or float64, not ${dtype}.`,
    );
  }
  const next = seededIntegers(seed);
  const values = Array.from({ length: elementCount(dims) }, () => (next() >>> 8) / 2 ** 23 - 1);
  return tensorOf(dtype, dims, values);
}

/** A source of 32-bit unsigned integers; one seed gives one endless sequence. */
export function seededIntegers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
