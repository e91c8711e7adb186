/** What goes on around the stages: progress, time, dumps, warnings. */

import type { ModelOptions, Stage } from './options.js';

export interface StageTiming {
  readonly stage: Stage;
  readonly milliseconds: number;
}

export class StageLog {
  readonly stages: StageTiming[] = [];
  readonly warnings: string[] = [];
  readonly #options: ModelOptions;

  constructor(options: ModelOptions) {
    this.#options = options;
  }

  /** Runs a stage, once whoever listens has taken note of it. */
  async run<T>(stage: Stage, work: () => T | Promise<T>): Promise<T> {
    const { onProgress, now = Date.now } = this.#options;
    await onProgress?.(stage);
    const start = now();
    const result = await work();
    this.stages.push({ stage, milliseconds: now() - start });
    return result;
  }

  /** The text is only made where somebody asked for dumps. */
  dump(file: string, text: () => string): void {
    this.#options.onDump?.(file, text());
  }
}
