/** A model and what became of it, in one engine: what both answer, and how fast, in turns. */

import type { Tensors } from '@whittle/compiler';

import { compareOutputs, type OutputsComparison } from './compare-outputs.js';
import { interleave, type Pace } from './interleave.js';
import type { OnnxRuntime, OnnxSession } from './onnx-runtime.js';
import { type Ratio, ratioOf } from './ratio.js';
import { type Spread, spreadOf } from './spread.js';

export interface ModelPair {
  readonly original: Uint8Array;
  readonly optimized: Uint8Array;
}

/** The ratio is that of the optimised model to the original: below 1, optimising pays. */
export interface ModelComparison extends Ratio {
  readonly outputs: OutputsComparison;
  readonly milliseconds: { readonly original: Spread; readonly optimized: Spread };
  readonly samples: {
    readonly original: readonly number[];
    readonly optimized: readonly number[];
  };
}

/** What the engine says of a model that it does not load or does not run. */
export interface Refusal {
  readonly refused: keyof ModelPair;
  readonly reason: string;
}

export async function compareModels(
  { open }: OnnxRuntime,
  models: ModelPair,
  feeds: Tensors,
  pace: Pace,
): Promise<ModelComparison | Refusal> {
  const start = async (form: keyof ModelPair): Promise<Started | Refusal> => {
    try {
      const session = await open(models[form], feeds);
      return { session, outputs: await session.run() };
    } catch (error) {
      return { refused: form, reason: error instanceof Error ? error.message : String(error) };
    }
  };
  const original = await start('original');
  if ('refused' in original) return original;
  const optimized = await start('optimized');
  if ('refused' in optimized) {
    await original.session.dispose();
    return optimized;
  }
  const sessions = [original.session, optimized.session];
  const [before = [], after = []] = await interleave(sessions, pace);
  for (const session of sessions) await session.dispose();
  return {
    outputs: compareOutputs(optimized.outputs, original.outputs),
    milliseconds: { original: spreadOf(before), optimized: spreadOf(after) },
    ...ratioOf(after, before),
    samples: { original: before, optimized: after },
  };
}

interface Started {
  readonly session: OnnxSession;
  readonly outputs: Tensors;
}
