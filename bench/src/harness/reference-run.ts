/** What ONNX Runtime answers to a model: the feeds it was given and every output. */

import type { Tensors } from '@whittle/compiler';

import { nativeRuntime } from './onnx-runtime.js';
import { randomFeeds, type Unavailable } from './random-feeds.js';

export interface ReferenceRun {
  readonly feeds: Tensors;
  readonly outputs: Tensors;
}

/**
 * Pseudo-random feeds and what the model gives for them; or the reason why there is none.
 * @throws {CompilerError} where the bytes are no model.
 */
export async function referenceRun(bytes: Uint8Array): Promise<ReferenceRun | Unavailable> {
  const found = randomFeeds(bytes);
  if ('unavailable' in found) return found;
  const { feeds } = found;
  const { open } = await nativeRuntime();
  try {
    // Without its own graph optimisations, so that both sides do not rewrite the model alike.
    const session = await open(bytes, feeds, { graphOptimizationLevel: 'disabled' });
    const outputs = await session.run();
    await session.dispose();
    return { feeds, outputs };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { unavailable: `ONNX Runtime gives no reference: ${reason}` };
  }
}
