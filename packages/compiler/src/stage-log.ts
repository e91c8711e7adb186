/** What goes on around the stages: progress, time, dumps, warnings. */

import type { ModelOptions, Stage } from './options.js';

export interface StageTiming {
  readonly stage: Stage;
  readonly milliseconds: number;
}

export class StageLog {
  readonly stages: StageTiming[] = [];
  readonly warnings: string[] = [];
  readonly now: () => number;
  readonly #options: ModelOptions;

  constructor(options: ModelOptions) {
    this.#options = options;
    this.now = options.now ?? Date.now;
  }

  /** Runs a stage that ends when it returns. */
  run<T>(stage: Stage, work: () => T): T {
    const end = this.#begin(stage);
    const result = work();
    end();
    return result;
  }

  /** Runs a stage that ends when its promise settles. */
  async runAsync<T>(stage: Stage, work: () => T | Promise<T>): Promise<T> {
    const end = this.#begin(stage);
    const result = await work();
    end();
    return result;
  }

  /** The text is only made where somebody asked for dumps. */
  dump(file: string, text: () => string): void {
    this.#options.onDump?.(file, text());
  }

  #begin(stage: Stage): () => void {
    this.#options.onProgress?.(stage);
    const start = this.now();
    return () => this.stages.push({ stage, milliseconds: this.now() - start });
  }
}
