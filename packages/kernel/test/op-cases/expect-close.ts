/** Comparing whole outputs: floats within tolerances, all else exactly. */

import { float16ToNumber } from '@whittle/ir';
import { expect } from 'vitest';
import type { ReferenceTensor } from './reference.js';

const rtol = 1e-3;
const atol = 1e-5;

/** Fails with the number of elements that differ and the first of them. */
export function expectClose(
  actual: ReferenceTensor | undefined,
  expected: ReferenceTensor,
  what: string,
): void {
  expect(actual?.dims, `dims of ${what}`).toEqual(expected.dims);
  expect(actual?.dtype, `dtype of ${what}`).toBe(expected.dtype);
  const got = numbers(actual ?? expected);
  const wanted = numbers(expected);
  expect(got.length, `length of ${what}`).toBe(wanted.length);
  const isFloat = expected.dtype.startsWith('float');
  const wrong = wanted.flatMap((value, i) =>
    isClose(got[i], value, isFloat) ? [] : [`[${i}] is ${got[i]}, not ${value}`],
  );
  expect(wrong.slice(0, 4), `${wrong.length} of ${wanted.length} elements of ${what}`).toEqual([]);
}

function isClose(
  actual: number | bigint | undefined,
  expected: number | bigint,
  isFloat: boolean,
): boolean {
  if (actual === undefined) return false;
  if (!isFloat || actual === expected) return actual === expected;
  const [a, b] = [Number(actual), Number(expected)];
  if (Number.isNaN(b)) return Number.isNaN(a);
  return Math.abs(a - b) <= atol + rtol * Math.abs(b);
}

function numbers({ dtype, data }: ReferenceTensor): (number | bigint)[] {
  const elements = Array.from<number | bigint>(data);
  return dtype === 'float16' && data instanceof Uint16Array
    ? elements.map((bits) => float16ToNumber(Number(bits)))
    : elements;
}
