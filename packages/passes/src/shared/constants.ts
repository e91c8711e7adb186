/** What a constant holds, without looking at more of it than is needed; and constants of one number. */

import {
  bfloat16ToNumber,
  type DType,
  elementCount,
  float16ToNumber,
  type Node,
  numberToBfloat16,
  numberToFloat16,
  type Tensor,
  tensorOf,
  typedArrayOf,
  type Value,
} from '@whittle/ir';

/**
 * The number that every element of a constant is; undefined where they differ, where there are none,
 * and for strings.
 */
export function uniformValue(value: Value | undefined): number | undefined {
  const tensor = value?.constant;
  if (tensor === undefined || tensor.dtype === 'string') return undefined;
  if (elementCount(tensor.dims) === 1) return uniformElement(tensor);
  if (!known.has(tensor)) known.set(tensor, uniformElement(tensor));
  return known.get(tensor);
}

/** A large constant that many nodes share is looked through once. */
const known = new WeakMap<Tensor, number | undefined>();

function uniformElement(tensor: Tensor): number | undefined {
  const data = typedArrayOf(tensor);
  const [first] = data;
  if (first === undefined) return undefined;
  for (const element of data) if (!Object.is(element, first)) return undefined;
  return decoded(tensor.dtype, Number(first));
}

/** 16-bit floats are held as their bits. */
function decoded(dtype: DType, element: number): number {
  if (dtype === 'float16') return float16ToNumber(element);
  return dtype === 'bfloat16' ? bfloat16ToNumber(element) : element;
}

function encoded(dtype: DType, value: number): number {
  if (dtype === 'float16') return numberToFloat16(value);
  return dtype === 'bfloat16' ? numberToBfloat16(value) : value;
}

/** A 0-d tensor of a number, rounded to the dtype. */
export function scalarTensor(dtype: DType, value: number): Tensor {
  return tensorOf(dtype, [], [encoded(dtype, value)]);
}

/** The number that a float dtype holds of `value`. */
export function roundedTo(dtype: DType, value: number): number {
  if (dtype === 'float32') return Math.fround(value);
  return decoded(dtype, encoded(dtype, value));
}

/** The number in a constant of one element. */
export function scalarValue(value: Value | undefined): number | undefined {
  const tensor = value?.constant;
  if (tensor === undefined || !tensor.dims.every((size) => size === 1)) return undefined;
  return uniformValue(value);
}

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** The bounds of a Clip, infinite where absent; undefined where one is not a constant number. */
export function clipBounds(clip: Node): Bounds | undefined {
  const [, min, max] = clip.inputs;
  const low = min === undefined ? -Infinity : scalarValue(min);
  const high = max === undefined ? Infinity : scalarValue(max);
  return low === undefined || high === undefined ? undefined : { low, high };
}
