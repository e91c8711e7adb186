/**
 * Which integers stand for which numbers: `number ≈ scale · (integer − zeroPoint)`. The zero point is
 * one of the integers, so that the zeros of padding and of Relu are exact.
 */

import {
  elementCount,
  newTypedArray,
  type Tensor,
  tensorFrom,
  typedArrayOf,
  type Value,
} from '@whittle/ir';

import type { QuantizationPlan } from './quantization-plan.js';

export interface IntegerFormat {
  readonly dtype: 'uint8' | 'int8';
  readonly low: number;
  readonly high: number;
}

export const integerFormats = {
  uint8: { dtype: 'uint8', low: 0, high: 255 },
  int8: { dtype: 'int8', low: -128, high: 127 },
} as const satisfies Readonly<Record<string, IntegerFormat>>;

export interface Range {
  readonly least: number;
  readonly largest: number;
}

export interface Parameters {
  /** A float32. */
  readonly scale: number;
  readonly zeroPoint: number;
}

/** Of each value that is held as integers; what only moves elements hands on those of its input. */
export function chooseParameters(
  plan: QuantizationPlan,
  ranges: ReadonlyMap<Value, Range>,
  format: IntegerFormat,
): ReadonlyMap<Value, Parameters> {
  const chosen = new Map<Value, Parameters>();
  for (const [value, range] of ranges) chosen.set(value, parametersFor(range, format));
  for (const { role, node } of plan.steps) {
    const given = role === 'moves' && node.inputs[0] && chosen.get(node.inputs[0]);
    if (given) for (const output of node.outputs) if (output) chosen.set(output, given);
  }
  return chosen;
}

/** The range is widened to hold 0. */
export function parametersFor(range: Range, { low, high }: IntegerFormat): Parameters {
  const least = Math.min(0, range.least);
  const largest = Math.max(0, range.largest);
  if (least === largest) return { scale: 1, zeroPoint: low };
  const scale = Math.fround((largest - least) / (high - low));
  return { scale, zeroPoint: clamp(roundToEven(low - least / scale), low, high) };
}

export function rangeOf(numbers: Iterable<number>): Range {
  let least = Infinity;
  let largest = -Infinity;
  for (const number of numbers) {
    if (number < least) least = number;
    if (number > largest) largest = number;
  }
  return { least, largest };
}

/** All elements by one scale and zero point. */
export function quantizeTensor(tensor: Tensor, by: Parameters, format: IntegerFormat): Tensor {
  return quantize(tensor, format, () => by);
}

/** The elements of each channel along an axis by its scale; the zero point is 0. */
export function quantizeByChannel(
  tensor: Tensor,
  axis: number,
  scales: readonly number[],
  format: IntegerFormat,
): Tensor {
  const parameters = scales.map((scale): Parameters => ({ scale, zeroPoint: 0 }));
  const inside = elementCount(tensor.dims.slice(axis + 1));
  return quantize(tensor, format, (i) => parameters[Math.floor(i / inside) % scales.length]);
}

function quantize(
  tensor: Tensor,
  { dtype, low, high }: IntegerFormat,
  parametersAt: (index: number) => Parameters | undefined,
): Tensor {
  const integers = newTypedArray(dtype, elementCount(tensor.dims));
  for (const [i, x] of typedArrayOf(tensor).entries()) {
    const { scale, zeroPoint } = parametersAt(i) ?? { scale: 1, zeroPoint: 0 };
    integers[i] = clamp(roundToEven(Number(x) / scale) + zeroPoint, low, high);
  }
  return tensorFrom(dtype, tensor.dims, integers);
}

export function roundToEven(x: number): number {
  const floor = Math.floor(x);
  const isHalf = x - floor === 0.5;
  return isHalf ? floor + Math.abs(floor % 2) : Math.round(x);
}

function clamp(x: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, x));
}
