/** The order statistics of a sample, which say more of timings than a mean does. */

export interface Spread {
  readonly min: number;
  readonly p25: number;
  readonly median: number;
  readonly p75: number;
  readonly max: number;
}

/** Quantiles interpolate between neighbours. @throws {RangeError} for an empty sample. */
export function spreadOf(sample: readonly number[]): Spread {
  const sorted = [...sample].sort((a, b) => a - b);
  const at = (quantile: number): number => {
    const position = quantile * (sorted.length - 1);
    const below = sorted[Math.floor(position)];
    const above = sorted[Math.ceil(position)];
    if (below === undefined || above === undefined) throw new RangeError('The sample is empty.');
    return below + (above - below) * (position % 1);
  };
  return { min: at(0), p25: at(0.25), median: at(0.5), p75: at(0.75), max: at(1) };
}
