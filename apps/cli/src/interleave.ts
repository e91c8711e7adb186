/**
 * Times several runners in turns: A B A B … So a change of the machine's speed meets all of them
 * alike. `bench/README.md` says more of comparing.
 */

/** A run ends when what it returns is there. */
export interface Runner {
  run(): unknown;
}

export interface Pace {
  /** Untimed rounds first, enough for every runner to reach its optimised code. */
  readonly warmup: number;
  readonly rounds: number;
}

/** The milliseconds of each timed round, for each runner in order. `onRound` hears each round before it begins. */
export async function interleave(
  runners: readonly Runner[],
  { warmup, rounds }: Pace,
  onRound: (round: number) => void = () => {},
): Promise<number[][]> {
  const samples = runners.map((): number[] => []);
  for (let round = -warmup; round < rounds; round++) {
    onRound(round);
    for (const [i, runner] of runners.entries()) {
      const start = performance.now();
      const result = runner.run();
      // A synchronous runner is not charged for a promise.
      if (result instanceof Promise) await result;
      if (round >= 0) samples[i]?.push(performance.now() - start);
    }
  }
  return samples;
}

export interface Spread {
  readonly min: number;
  readonly p25: number;
  readonly median: number;
  readonly p75: number;
}

/** Quantiles interpolate between neighbours. @throws {RangeError} for an empty sample. */
export function spreadOf(sample: readonly number[]): Spread {
  const sorted = [...sample].sort((a, b) => a - b);
  const at = (quantile: number): number => {
    const position = quantile * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(position)], sorted[Math.ceil(position)]];
    if (below === undefined || above === undefined) throw new RangeError('The sample is empty.');
    return below + (above - below) * (position % 1);
  };
  return { min: at(0), p25: at(0.25), median: at(0.5), p75: at(0.75) };
}
