/**
 * How many output rows a fused separable convolution computes at a time, as a plain record. A larger
 * band sweeps over the pointwise weights less often; a smaller one stays in cache and takes less of
 * the arena.
 */

import type { Capabilities } from './capabilities.js';

export interface BandShape {
  /** Output rows, input rows from one to the next, and input rows that each of them sees. */
  readonly rows: number;
  readonly stride: number;
  readonly extent: number;
  readonly bytesOfFilteredRow: number;
  /** 0 where the input is not expanded. */
  readonly bytesOfExpandedRow: number;
}

export interface BandPlan {
  /** Output rows of a band; divides their number unless all divisors are too small. */
  readonly rows: number;
  /** Input rows that a band sees and the band after it sees again. */
  readonly ahead: number;
  /** Input rows that a band sees, or skips. */
  readonly slots: number;
}

export function planBands(target: Capabilities, shape: BandShape): BandPlan {
  const ahead = Math.max(0, shape.extent - shape.stride);
  const slotsOf = (rows: number): number => rows * shape.stride + ahead;
  const bytesOf = (rows: number): number =>
    rows * shape.bytesOfFilteredRow + slotsOf(rows) * shape.bytesOfExpandedRow;
  let most = 1;
  while (most < shape.rows && bytesOf(most + 1) <= target.cacheBytes / 2) most++;
  const rows = nearbyDivisor(shape.rows, most);
  return { rows, ahead, slots: slotsOf(rows) };
}

/** The largest divisor of `n` up to `most`, or `most` where that is less than half of it. */
function nearbyDivisor(n: number, most: number): number {
  let divisor = most;
  while (n % divisor !== 0) divisor--;
  return divisor * 2 < most ? most : divisor;
}
