/** What `optimize` makes of one ONNX file: its size, its cost, and what engines make of it. */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { optimize } from '@whittle/compiler';

import { compareModels, type ModelComparison, type Refusal } from './compare-models.js';
import { countNodes } from './count-nodes.js';
import type { Pace } from './interleave.js';
import { nativeRuntime, type OnnxRuntime } from './onnx-runtime.js';
import { randomFeeds } from './random-feeds.js';
import { sampleInputs } from './sample-inputs.js';
import { type Spread, spreadOf } from './spread.js';

export interface OptimizedModel {
  /** The stem of the file. */
  readonly model: string;
  readonly nodes: {
    readonly before: number;
    readonly after: number;
    /** Of what ONNX Runtime writes at its level `basic`, which keeps to ONNX's own ops. */
    readonly onnxruntimeBasic: number;
  };
  readonly bytes: { readonly before: number; readonly after: number };
  readonly optimizeSeconds: Spread;
  readonly engines: readonly ({ readonly engine: string } & EngineComparison)[];
}

export type EngineComparison =
  | ModelComparison
  | Refusal
  /** Why nothing was run. */
  | { readonly skipped: string };

export interface OptimizedPace extends Pace {
  /** Calls of `optimize`. */
  readonly calls: number;
}

/** @throws {CompilerError} where the model cannot be read or written. */
export async function measureOptimized(
  path: string,
  runtimes: readonly OnnxRuntime[],
  pace: OptimizedPace,
): Promise<OptimizedModel> {
  const model = basename(path, '.onnx');
  const original = await readFile(path);
  const { optimized, optimizeSeconds } = await timeOptimize(original, pace.calls);
  const sample = sampleInputs[model];
  const found = sample ? { feeds: sample() } : randomFeeds(original);
  const engines: OptimizedModel['engines'][number][] = [];
  for (const runtime of runtimes) {
    const comparison =
      'unavailable' in found
        ? { skipped: found.unavailable }
        : await compareModels(runtime, { original, optimized }, found.feeds, pace);
    engines.push({ engine: runtime.id, ...comparison });
  }
  return {
    model,
    nodes: {
      before: countNodes(original),
      after: countNodes(optimized),
      onnxruntimeBasic: await countBasic(original),
    },
    bytes: { before: original.byteLength, after: optimized.byteLength },
    optimizeSeconds,
    engines,
  };
}

async function timeOptimize(
  original: Uint8Array,
  calls: number,
): Promise<{ optimized: Uint8Array; optimizeSeconds: Spread }> {
  let optimized = original;
  const seconds: number[] = [];
  for (let call = 0; call < calls; call++) {
    const start = performance.now();
    optimized = await optimize(original);
    seconds.push((performance.now() - start) / 1000);
  }
  return { optimized, optimizeSeconds: spreadOf(seconds) };
}

/** Dims stay open, as they do for `optimize`. */
async function countBasic(original: Uint8Array): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'whittle-basic-'));
  const optimizedModelFilePath = join(folder, 'basic.onnx');
  try {
    const { open } = await nativeRuntime();
    const options = { graphOptimizationLevel: 'basic', optimizedModelFilePath } as const;
    await (await open(original, {}, options)).dispose();
    return countNodes(await readFile(optimizedModelFilePath));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
