/** A tensor at a glance. */

import { type TensorData, tensorNumbers } from '@whittle/compiler';

export interface TensorStatistics {
  readonly elements: number;
  /** Of the elements that are numbers; null where none is. */
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly mean: number | null;
  /** How many elements are NaN. */
  readonly notNumbers: number;
  /** The first elements in row-major order. */
  readonly first: readonly number[];
}

const shown = 8;

export function describeTensor(tensor: TensorData): TensorStatistics {
  const numbers = tensorNumbers(tensor);
  let [minimum, maximum, sum, count] = [Infinity, -Infinity, 0, 0];
  for (const value of numbers) {
    if (Number.isNaN(value)) continue;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
    sum += value;
    count++;
  }
  return {
    elements: numbers.length,
    minimum: count === 0 ? null : minimum,
    maximum: count === 0 ? null : maximum,
    mean: count === 0 ? null : sum / count,
    notNumbers: numbers.length - count,
    first: numbers.slice(0, shown),
  };
}
