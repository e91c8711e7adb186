/**
 * Times several engines in one process, in turn: A B A B … So a change of the machine's speed, by
 * heat or by other work, meets all of them alike, and the ratio within a round stays meaningful.
 */

import type { Engine } from '../engines/engine.js';

export interface Pace {
  /** Untimed rounds first, enough for every engine to reach its optimised code. */
  readonly warmup: number;
  readonly rounds: number;
}

/** The milliseconds of each timed round, for each engine in order. */
export async function interleave(
  engines: readonly Engine[],
  { warmup, rounds }: Pace,
  onRound: (round: number) => void = () => {},
): Promise<number[][]> {
  const samples = engines.map((): number[] => []);
  for (let round = -warmup; round < rounds; round++) {
    for (const [i, engine] of engines.entries()) {
      const elapsed = await timeRun(engine);
      if (round >= 0) samples[i]?.push(elapsed);
    }
    onRound(round);
  }
  return samples;
}

/** A run ends when its scores are in memory. A synchronous engine is not charged for a promise. */
async function timeRun(engine: Engine): Promise<number> {
  const start = performance.now();
  const scores = engine.run();
  if (scores instanceof Promise) await scores;
  return performance.now() - start;
}
