/**
 * Comparing what a compiled model gives with a reference. An output agrees where its largest
 * difference is at most `absolute + relative * (the largest finite element of the reference)`: elements
 * near zero, of which a softmax has many, are measured by what stands beside them. NaN agrees with
 * NaN, infinities with themselves; 16-bit floats are compared as numbers. Integers and bools agree
 * only where they are equal.
 */

import { isFloat } from '@whittle/ir';
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
  const elements = expected.data.length;
  if (given !== wanted) {
    const infinite = { maxAbsoluteError: Infinity, maxRelativeError: Infinity };
    return { agrees: false, elements, ...infinite, problem: `is ${given}, not ${wanted}` };
  }
  const left = tensorNumbers(actual);
  const right = tensorNumbers(expected);
  const differences = right.map((value, i) => {
    // Past 2^53 integers that differ may be equal as numbers.
    const [a, b] = [actual.data[i], expected.data[i]];
    if (typeof a === 'bigint' && typeof b === 'bigint') return Number(a < b ? b - a : a - b);
    return differenceOf(left[i] ?? Number.NaN, value);
  });
  const maxAbsoluteError = largestOf(differences);
  const scale = largestOf(right.map((value) => (Number.isFinite(value) ? Math.abs(value) : 0)));
  const allowed = isFloat(expected.dtype) ? tolerance.absolute + tolerance.relative * scale : 0;
  const index = differences.indexOf(maxAbsoluteError);
  return {
    agrees: maxAbsoluteError <= allowed,
    elements,
    maxAbsoluteError,
    maxRelativeError: maxAbsoluteError === 0 ? 0 : maxAbsoluteError / scale,
    ...(maxAbsoluteError > 0 && {
      worst: { index, actual: left[index] ?? Number.NaN, expected: right[index] ?? Number.NaN },
    }),
  };
}

function differenceOf(actual: number, expected: number): number {
  if (Object.is(actual, expected) || actual === expected) return 0;
  const difference = Math.abs(actual - expected);
  return Number.isNaN(difference) ? Infinity : difference;
}

/** Of numbers that are not negative; not by spreading, which has a limit. */
function largestOf(numbers: readonly number[]): number {
  return numbers.reduce((largest, value) => Math.max(largest, value), 0);
}
