/** Pseudo-random feeds for any model of float32 inputs: the same for the same model, everywhere. */

import { randomTensor, type TensorData, type Tensors } from '@whittle/compiler';
import { isBound } from '@whittle/ir';
import { importOnnx } from '@whittle/onnx';

export interface Unavailable {
  /** Why there is none. */
  readonly unavailable: string;
}

/** @throws {CompilerError} where the bytes are no model. */
export function randomFeeds(bytes: Uint8Array): { readonly feeds: Tensors } | Unavailable {
  const feeds: Record<string, TensorData> = {};
  for (const [i, { name, type }] of importOnnx(bytes).inputs.entries()) {
    const dims = type?.dims.filter(isBound) ?? [];
    if (type?.dtype !== 'float32') return { unavailable: `input "${name}" is not float32` };
    if (dims.length !== type.dims.length) return { unavailable: `input "${name}" has named dims` };
    feeds[name] = randomTensor({ name, dtype: 'float32', dims }, i + 1);
  }
  return { feeds };
}
