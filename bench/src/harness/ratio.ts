/** How long something takes beside something else, from samples that were taken in turns. */

import { type Spread, spreadOf } from './spread.js';

export interface Ratio {
  /** The median by the median of the base; below 1, the base is slower. */
  readonly ratio: number;
  /** The same within each round, where a slow moment of the machine meets both. */
  readonly ratioByRound: Spread;
}

/** @throws {RangeError} for an empty sample. */
export function ratioOf(sample: readonly number[], base: readonly number[]): Ratio {
  return {
    ratio: spreadOf(sample).median / spreadOf(base).median,
    ratioByRound: spreadOf(sample.map((value, round) => value / (base[round] ?? Number.NaN))),
  };
}
