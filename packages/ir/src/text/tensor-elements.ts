/** From elements as text to the bits of a tensor; the printer asks it whether a list loses any. */

import type { DType } from '../dtype.js';
import { newTypedArray, type Tensor, tensorFrom } from '../tensor.js';
import { parseElement } from './numerals.js';

/** The tensor that a list of elements stands for; undefined where one is no element of the dtype. */
export function tensorOfElements(
  dtype: DType,
  dims: readonly number[],
  texts: readonly string[],
): Tensor | undefined {
  const data = newTypedArray(dtype, texts.length);
  for (const [i, text] of texts.entries()) {
    const element = parseElement(dtype, text);
    if (element === undefined) return undefined;
    if (data instanceof BigInt64Array || data instanceof BigUint64Array) data[i] = BigInt(element);
    else data[i] = Number(element);
  }
  return tensorFrom(dtype, dims, data);
}
