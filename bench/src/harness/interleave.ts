/**
 * Times several runners in one process, in turn: A B A B … So a change of the machine's speed, by
 * heat or by other work, meets all of them alike, and the ratio within a round stays meaningful.
 */

/** Anything to time. A run ends when what it returns is there, and with it the results. */
export interface Runner {
  run(): unknown;
  /** Untimed, before each run: puts in place what runners share and each sets in its own way. */
  activate?(): void | Promise<void>;
}

export interface Pace {
  /** Untimed rounds first, enough for every runner to reach its optimised code. */
  readonly warmup: number;
  readonly rounds: number;
  /** No round begins after so many milliseconds of timed ones; `leastRounds` there are all the same. */
  readonly budget?: number;
}

/** A median of less says little. */
const leastRounds = 5;

/** The milliseconds of each timed round, for each runner in order: as many for one as for another. */
export async function interleave(
  runners: readonly Runner[],
  { warmup, rounds, budget = Infinity }: Pace,
  onRound: (round: number) => void = () => {},
): Promise<number[][]> {
  const samples = runners.map((): number[] => []);
  let start = performance.now();
  for (let round = -warmup; round < rounds; round++) {
    if (round === 0) start = performance.now();
    if (round >= leastRounds && performance.now() - start > budget) break;
    for (const [i, runner] of runners.entries()) {
      const elapsed = await timeRun(runner);
      if (round >= 0) samples[i]?.push(elapsed);
    }
    onRound(round);
  }
  return samples;
}

/** A synchronous runner is not charged for a promise. */
async function timeRun(runner: Runner): Promise<number> {
  await runner.activate?.();
  const start = performance.now();
  const results = runner.run();
  if (results instanceof Promise) await results;
  return performance.now() - start;
}
