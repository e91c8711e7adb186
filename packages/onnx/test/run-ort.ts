/** Runs a model in onnxruntime, the oracle of these tests. */

import { elementCount } from '@whittle/ir';
import { InferenceSession, Tensor } from 'onnxruntime-node';

export interface Result {
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

export async function runOrt(
  model: Uint8Array,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<Record<string, Result>> {
  const session = await InferenceSession.create(model, {
    graphOptimizationLevel: 'disabled',
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const results = await session.run(feeds);
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, tensor]) => [
      name,
      { dims: tensor.dims, data: Array.from(tensor.data as Float32Array, Number) },
    ]),
  );
}

/** Numbers without a pattern, some of them negative, the same on every run. */
export function feed(dims: readonly number[]): Tensor {
  const data = Float32Array.from({ length: elementCount(dims) }, (_, k) => Math.sin(k * 1.7 + 0.3));
  return new Tensor('float32', data, dims);
}
