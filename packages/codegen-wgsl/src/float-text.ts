/** Floats as WGSL writes them, without the suffix of their type. */

export const largestFloat32 = 3.4028234663852886e38;

/** As few digits as tell a float32 from all others, with a point or an exponent. */
export function floatText(value: number): string {
  const rounded = Math.fround(value);
  let text = '';
  for (let digits = 1; digits <= 17; digits++) {
    text = String(Number(rounded.toPrecision(digits)));
    // WGSL refuses what is beyond the largest float32, even if it would be rounded to it.
    if (Math.fround(Number(text)) === rounded && Math.abs(Number(text)) <= largestFloat32) break;
  }
  if (Object.is(rounded, -0)) text = '-0';
  return /[.e]/.test(text) ? text : `${text}.0`;
}
