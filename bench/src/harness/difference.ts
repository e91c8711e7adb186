/** How far the scores of two engines lie apart. */

export interface Difference {
  readonly largest: number;
  /** The largest difference by the largest score; infinite where the lengths differ. */
  readonly relative: number;
}

export function differenceBetween(actual: Float32Array, expected: Float32Array): Difference {
  if (actual.length !== expected.length) return { largest: Infinity, relative: Infinity };
  let largest = 0;
  let scale = 0;
  for (const [i, value] of expected.entries()) {
    const difference = Math.abs((actual[i] ?? Number.NaN) - value);
    // NaN compares with nothing, so it has to be asked for.
    largest = Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
    scale = Math.max(scale, Math.abs(value));
  }
  return { largest, relative: largest === 0 ? 0 : largest / scale };
}
