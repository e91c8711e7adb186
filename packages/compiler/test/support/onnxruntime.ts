/** onnxruntime-node as the oracle: one thread, no graph optimisation, whole outputs. */

import type { TypedArray } from '@whittle/ir';
import * as ort from 'onnxruntime-node';

export interface Feed {
  readonly dtype: 'float32';
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export async function runOnnxruntime(
  model: Uint8Array,
  feeds: Readonly<Record<string, Feed>>,
): Promise<Record<string, TypedArray>> {
  const session = await ort.InferenceSession.create(model, {
    graphOptimizationLevel: 'disabled',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  try {
    const inputs = Object.entries(feeds).map(([name, { dtype, dims, data }]) => [
      name,
      new ort.Tensor(dtype, data, dims),
    ]);
    const results = await session.run(Object.fromEntries(inputs));
    return Object.fromEntries(
      Object.entries(results).map(([name, tensor]) => [name, tensor.data as TypedArray]),
    );
  } finally {
    await session.release();
  }
}

/** The largest difference of two outputs, relative to the largest magnitude of the expected one. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < expected.length; i++) {
    const here = Math.abs((actual[i] ?? Number.NaN) - (expected[i] ?? Number.NaN));
    if (Number.isNaN(here)) return Number.POSITIVE_INFINITY;
    difference = Math.max(difference, here);
    largest = Math.max(largest, Math.abs(expected[i] ?? 0));
  }
  return difference / largest;
}
