/** What `npm run bench` finds out, as its JSON holds it. */

import { readFile } from 'node:fs/promises';

import type { EngineResult } from './comparison.js';
import type { Environment } from './environment.js';

export interface ModelResult {
  readonly id: string;
  readonly title: string;
  /** Multiply-adds of a run. */
  readonly macs: number;
  /** What 128-bit vectors reach in the loop of `peak-loop.ts`, timed in the same rounds: at best. */
  readonly peakGflops: number;
  /** The first is the one that the others are compared with. */
  readonly engines: readonly EngineResult[];
  readonly unavailable: readonly { readonly id: string; readonly reason: string }[];
}

export interface BenchResult {
  readonly environment: Environment;
  readonly settings: { readonly rounds: number; readonly warmup: number };
  readonly models: readonly ModelResult[];
}

/** @throws {Error} where the file is not one that `npm run bench` wrote. */
export async function readBenchResult(path: string): Promise<BenchResult> {
  const document: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (isBenchResult(document)) return document;
  throw new Error(`${path} holds no result of this version of the bench.`);
}

/** Earlier results have no peak, and results of other commands no such models. */
function isBenchResult(document: unknown): document is BenchResult {
  if (typeof document !== 'object' || document === null) return false;
  if (!('environment' in document) || !('models' in document)) return false;
  const { models } = document;
  return (
    Array.isArray(models) &&
    models.length > 0 &&
    models.every((model: unknown) => typeof model === 'object' && model && 'peakGflops' in model)
  );
}
