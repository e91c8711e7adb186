/** Asking what a constant holds, without looking at more of it than is needed. */

import { elementCount, type Node, type Tensor, typedArrayOf, type Value } from '@whittle/ir';

/**
 * The number that every element of a constant is; undefined where they differ, where there are none,
 * and for dtypes whose elements are not numbers in memory (16-bit floats, strings).
 */
export function uniformValue(value: Value | undefined): number | undefined {
  const tensor = value?.constant;
  if (tensor === undefined || !hasPlainNumbers(tensor)) return undefined;
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
  return Number(first);
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

function hasPlainNumbers(tensor: Tensor): boolean {
  return !['float16', 'bfloat16', 'string'].includes(tensor.dtype);
}
