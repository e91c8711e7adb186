/** Divisors, of which tiles that leave no rest have their sizes. */

/** From 1 on. */
export function divisorsUpTo(n: number, most: number): number[] {
  const count = Math.floor(Math.min(n, most));
  return Array.from({ length: Math.max(count, 0) }, (_, i) => i + 1).filter((d) => n % d === 0);
}

/** 1 at the least. */
export function largestDivisor(n: number, most: number): number {
  return divisorsUpTo(n, most).at(-1) ?? 1;
}

/** Of numbers that are not negative; of 0 and another the other. */
export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
