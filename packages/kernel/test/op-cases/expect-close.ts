/** Comparing whole outputs: floats within tolerances, all else exactly. */

import { float16ToNumber } from '@whittle/ir';
import { expect } from 'vitest';
import type { ReferenceTensor } from './reference.js';

/** How far an element may be off, by itself and by its size, or by that of the largest. */
export interface Closeness {
  readonly absolute: number;
  readonly relative: number;
  readonly ofLargest?: boolean;
}

const close: Closeness = { absolute: 1e-5, relative: 1e-3 };

/** Fails with the number of elements that differ and the first of them. */
export function expectClose(
  actual: ReferenceTensor | undefined,
  expected: ReferenceTensor,
  what: string,
  closeness: Closeness = close,
): void {
  expect(actual?.dims, `dims of ${what}`).toEqual(expected.dims);
  expect(actual?.dtype, `dtype of ${what}`).toBe(expected.dtype);
  const got = numbers(actual ?? expected);
  const wanted = numbers(expected);
  expect(got.length, `length of ${what}`).toBe(wanted.length);
  const isFloat = expected.dtype.startsWith('float');
  const sizes = wanted.map((value) => Math.abs(Number(value))).filter(Number.isFinite);
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const allowed = (size: number): number =>
    closeness.absolute + closeness.relative * (closeness.ofLargest ? largest : size);
  const wrong = wanted.flatMap((value, i) =>
    isClose(got[i], value, isFloat ? allowed : undefined)
      ? []
      : [`[${i}] is ${got[i]}, not ${value}`],
  );
  expect(wrong.slice(0, 4), `${wrong.length} of ${wanted.length} elements of ${what}`).toEqual([]);
}

function isClose(
  actual: number | bigint | undefined,
  expected: number | bigint,
  allowed: ((size: number) => number) | undefined,
): boolean {
  if (actual === undefined) return false;
  if (allowed === undefined || actual === expected) return actual === expected;
  const [a, b] = [Number(actual), Number(expected)];
  if (Number.isNaN(b)) return Number.isNaN(a);
  return Math.abs(a - b) <= allowed(Math.abs(b));
}

function numbers({ dtype, data }: ReferenceTensor): (number | bigint)[] {
  const elements = Array.from<number | bigint>(data);
  return dtype === 'float16' && data instanceof Uint16Array
    ? elements.map((bits) => float16ToNumber(Number(bits)))
    : elements;
}
