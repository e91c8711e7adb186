/** An engine with a model loaded and an image at hand: what the harness times. */

import type { OptimizationLevel } from '@whittle/compiler';

import type { FirstRun } from '../harness/first-run.js';
import type { Runner } from '../harness/interleave.js';
import type { Workload } from '../harness/workload.js';

export interface Engine extends Runner {
  readonly id: string;
  /** The engine, its version, and how it was set up. */
  readonly title: string;
  /** Runs the image through the model, to the scores in memory. */
  run(): Float32Array | Promise<Float32Array>;
  dispose(): void | Promise<void>;
  /** How a fresh process comes to its first scores; absent where the way there is the harness's own. */
  readonly firstRun?: FirstRun;
  /** The code that a page downloads, gzipped, without the weights; absent where it has no such form. */
  readonly codeBytes?: number;
  /** Multiply-adds of a run, for the engine that counts them. */
  readonly macs?: number;
}

export interface EngineOptions {
  readonly optimize: OptimizationLevel;
}

/** Makes an engine. Rejects, with the reason, where there is none here or it refuses the model. */
export type EngineFactory = (workload: Workload, options: EngineOptions) => Promise<Engine>;
