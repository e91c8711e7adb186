/** What ONNX Runtime answers to a model: the feeds it was given and every output. */

import { randomTensor, type TensorData } from '@whittle/compiler';
import { isBound } from '@whittle/ir';
import { importOnnx } from '@whittle/onnx';
import { InferenceSession, Tensor } from 'onnxruntime-node';

export interface ReferenceRun {
  readonly feeds: Readonly<Record<string, TensorData>>;
  readonly outputs: Readonly<Record<string, TensorData>>;
}

/** Pseudo-random feeds and what the model gives for them; or the reason why there is none. */
export async function referenceRun(
  bytes: Uint8Array,
): Promise<ReferenceRun | { readonly unavailable: string }> {
  const feeds: Record<string, TensorData> = {};
  const given: Record<string, Tensor> = {};
  for (const [i, { name, type }] of importOnnx(bytes).inputs.entries()) {
    const dims = type?.dims.filter(isBound) ?? [];
    if (type?.dtype !== 'float32') return { unavailable: `input "${name}" is not float32` };
    if (dims.length !== type.dims.length) return { unavailable: `input "${name}" has named dims` };
    const feed = randomTensor({ name, dtype: 'float32', dims }, i + 1);
    if (!(feed.data instanceof Float32Array)) throw new Error('A float32 feed is a Float32Array.');
    feeds[name] = feed;
    given[name] = new Tensor('float32', feed.data, dims);
  }
  const session = await createSession(bytes);
  if (typeof session === 'string') return { unavailable: `ONNX Runtime refuses it: ${session}` };
  const outputs: Record<string, TensorData> = {};
  for (const [name, { data, dims }] of Object.entries(await session.run(given))) {
    if (!(data instanceof Float32Array)) return { unavailable: `output "${name}" is not float32` };
    outputs[name] = { dtype: 'float32', dims, data };
  }
  await session.release();
  return { feeds, outputs };
}

/** Without its own graph optimisations, so that both sides do not rewrite the model alike. */
async function createSession(bytes: Uint8Array): Promise<InferenceSession | string> {
  const options = { graphOptimizationLevel: 'disabled', logSeverityLevel: 3 } as const;
  try {
    return await InferenceSession.create(bytes, options);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
