/**
 * Comparing what a compiled model gives with a reference. An output agrees where its largest
 * difference is at most `absolute + relative * (the largest finite element of the reference)`: elements
 * near zero, of which a softmax has many, are measured by what stands beside them. NaN agrees with
 * NaN, infinities with themselves; 16-bit floats are compared as numbers.
 */

import type { TensorData } from '@whittle/kernel';
import { tensorNumbers } from './tensor-data.js';

export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

export interface TensorComparison {
  readonly agrees: boolean;
  readonly elements: number;
  /** The largest difference; infinite where one side is NaN or infinite and the other is not. */
  readonly maxAbsoluteError: number;
  /** The largest difference by the largest finite element of the reference. */
  readonly maxRelativeError: number;
  /** Where the largest difference is, and the two elements there. */
  readonly worst?: { readonly index: number; readonly actual: number; readonly expected: number };
  /** Said where the two cannot be compared element by element. */
  readonly problem?: string;
}

export function compareTensors(
  actual: TensorData,
  expected: TensorData,
  tolerance: Tolerance,
): TensorComparison {
  const given = `${actual.dtype}[${actual.dims.join(',')}]`;
  const wanted = `${expected.dtype}[${expected.dims.join(',')}]`;
  if (given !== wanted) return incomparable(expected.data.length, `is ${given}, not ${wanted}`);
  const left = tensorNumbers(actual);
  const right = tensorNumbers(expected);
  let maxAbsoluteError = 0;
  let largest = 0;
  let index = -1;
  for (const [i, value] of right.entries()) {
    if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
    const error = differenceOf(left[i] ?? Number.NaN, value);
    if (error > maxAbsoluteError) {
      maxAbsoluteError = error;
      index = i;
    }
  }
  const worst =
    index < 0
      ? {}
      : {
          worst: { index, actual: left[index] ?? Number.NaN, expected: right[index] ?? Number.NaN },
        };
  return {
    agrees: maxAbsoluteError <= tolerance.absolute + tolerance.relative * largest,
    elements: right.length,
    maxAbsoluteError,
    maxRelativeError: maxAbsoluteError === 0 ? 0 : maxAbsoluteError / largest,
    ...worst,
  };
}

function incomparable(elements: number, problem: string): TensorComparison {
  const infinite = { maxAbsoluteError: Infinity, maxRelativeError: Infinity };
  return { agrees: false, elements, ...infinite, problem };
}

function differenceOf(actual: number, expected: number): number {
  if (Object.is(actual, expected) || actual === expected) return 0;
  const difference = Math.abs(actual - expected);
  return Number.isNaN(difference) ? Infinity : difference;
}
