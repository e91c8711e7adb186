/** Elements may differ by the sum of the three, which together say how much rounding is forgiven. */
export interface Tolerance {
  /** Of the element that is expected. */
  readonly relative: number;
  /** Of the largest magnitude among those that are expected. */
  readonly scaled: number;
  readonly absolute: number;
}

/** Names the first element that is off by more than the tolerance, or a wrong count of them. */
export function firstDifference(
  actual: ArrayLike<number> | undefined,
  expected: ArrayLike<number>,
  { relative, scaled, absolute }: Tolerance,
): string | undefined {
  if (actual?.length !== expected.length) {
    return `${actual?.length} elements, not ${expected.length}`;
  }
  const wanted = Array.from(expected);
  const largest = wanted.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const always = scaled * largest + absolute;
  const at = wanted.findIndex((value, i) => {
    const given = actual[i] ?? Number.NaN;
    const allowed = always + relative * Math.abs(value);
    return !(Object.is(given, value) || Math.abs(given - value) <= allowed);
  });
  return at < 0 ? undefined : `[${at}] is ${actual[at]}, not ${wanted[at]}`;
}
