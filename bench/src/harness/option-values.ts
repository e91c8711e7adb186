/** Values of command line options. */

import type { OptimizationLevel } from '@whittle/compiler';

/** @throws {Error} naming the option, unless it is a whole number above 0. */
export function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name} takes a whole number above 0, not "${text}".`);
}

/** @throws {Error} naming the option, unless it is a whole number, 0 among them. */
export function count(name: string, text: string): number {
  return text === '0' ? 0 : wholeNumber(name, text);
}

/** @throws {Error} unless it is 0, 1 or 2. */
export function optimizationLevel(text: string): OptimizationLevel {
  if (text === '0') return 0;
  if (text === '1') return 1;
  if (text === '2') return 2;
  throw new Error(`--optimize takes 0, 1 or 2, not "${text}".`);
}
