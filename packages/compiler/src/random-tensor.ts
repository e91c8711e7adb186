/** Stand-ins for inputs: the same everywhere for the same seed. */

import {
  CompilerError,
  type DType,
  newTypedArray,
  numbersOf,
  numberToBfloat16,
  numberToFloat16,
  seededTensor,
  type TypedArray,
} from '@whittle/ir';
import type { TensorData } from '@whittle/kernel';
import type { TensorSignature } from './tensor-signature.js';

type ElementType = TensorData['dtype'];

/**
 * What a number in [-1, 1) becomes. `uint8` is taken for pixels; other integers are most often
 * indices, lengths or flags, so that only 0 and 1 are safe.
 */
const elements: Readonly<Partial<Record<ElementType, (value: number) => number>>> = {
  float32: (value) => value,
  float64: (value) => value,
  float16: numberToFloat16,
  bfloat16: numberToBfloat16,
  uint8: (value) => Math.floor((value + 1) * 128),
};

/**
 * A pseudo-random tensor: floats spread evenly over [-1, 1), `uint8` over [0, 256), other integers
 * and bools 0 or 1.
 * @throws {CompilerError} `E_UNBOUND_DIM` where a dim has no number, `E_UNSUPPORTED_FEATURE` for
 *   strings and values of unknown type.
 */
export function randomTensor({ name, dtype, dims }: TensorSignature, seed: number): TensorData {
  const bound = dims.map((dim) => {
    if (typeof dim === 'number') return dim;
    throw new CompilerError('E_UNBOUND_DIM', `Dim "${dim}" of "${name}" has no number.`, {
      hint: 'Bind it with --shape NAME:1,3,224,224 or --dim NAME=N.',
      where: { tensor: name },
    });
  });
  if (!isElementType(dtype)) {
    throw new CompilerError('E_UNSUPPORTED_FEATURE', `"${name}" is a tensor of ${dtype}.`, {
      where: { tensor: name },
    });
  }
  const values = numbersOf(seededTensor('float64', bound, seed));
  const toElement = elements[dtype] ?? ((value: number) => (value < 0 ? 0 : 1));
  const data = newTypedArray(dtype, values.length);
  fill(data, values.map(toElement));
  return { dtype, dims: bound, data };
}

function fill(data: TypedArray, values: readonly number[]): void {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    for (const [i, value] of values.entries()) data[i] = BigInt(value);
  } else data.set(values);
}

function isElementType(dtype: DType | 'unknown'): dtype is ElementType {
  return dtype !== 'unknown' && dtype !== 'string';
}
