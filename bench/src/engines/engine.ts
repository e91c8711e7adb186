/** An engine with a model loaded and an image at hand: what the harness times. */

import type { OptimizationLevel, Target } from '@whittle/compiler';

import type { Workload } from '../harness/workload.js';

export interface Engine {
  readonly id: string;
  /** The engine, its version, and how it was set up. */
  readonly title: string;
  /** Runs the image through the model, to the scores in memory. */
  run(): Float32Array | Promise<Float32Array>;
  dispose(): void | Promise<void>;
}

export interface EngineOptions {
  readonly target: Target;
  readonly optimize: OptimizationLevel;
}

/** Makes an engine, or says why there is none here. */
export type EngineFactory = (
  workload: Workload,
  options: EngineOptions,
) => Promise<Engine | { readonly unavailable: string }>;
