/** Element by element, as ONNX's own runner compares: |actual - expected| ≤ atol + rtol · |expected|. */

import { type TensorData, tensorNumbers } from '@whittle/compiler';

export interface ElementTolerance {
  readonly rtol: number;
  readonly atol: number;
}

/** What is wrong with a tensor, or undefined. Integers and bools have to be equal. */
export function differenceOf(
  name: string,
  actual: TensorData | undefined,
  expected: TensorData,
  { rtol, atol }: ElementTolerance,
): string | undefined {
  if (actual === undefined) return `${name} is missing`;
  const [given, wanted] = [actual, expected].map(
    ({ dtype, dims }) => `${dtype}[${dims.join(',')}]`,
  );
  if (given !== wanted) return `${name} is ${given}, not ${wanted}`;
  const isExact = !expected.dtype.includes('float');
  const [left, right] = [tensorNumbers(actual), tensorNumbers(expected)];
  const at = right.findIndex((value, i) => {
    if (isExact) return actual.data[i] !== expected.data[i];
    const other = left[i] ?? Number.NaN;
    if (Object.is(other, value) || other === value) return false;
    return !(Math.abs(other - value) <= atol + rtol * Math.abs(value));
  });
  return at < 0 ? undefined : `${name}[${at}] is ${left[at]}, not ${right[at]}`;
}
