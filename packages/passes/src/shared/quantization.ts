/** Quantised tensors as rules see them: integers of 8 bits with a scale and a zero point. */

import {
  type DType,
  type MatchContext,
  type Node,
  numbersOf,
  optionalAttribute,
  type Rewriter,
  type Value,
} from '@whittle/ir';
import { scalarValue } from './constants.js';

export interface Quantized {
  /** The integers. */
  readonly x: Value;
  readonly scale: Value;
  readonly zero: Value | undefined;
  readonly dtype: DType;
  /** The axis that scales and zero points are of; undefined where there is one of each. */
  readonly axis: number | undefined;
}

/** What a value is dequantised from; undefined where it is not, or in blocks. */
export function dequantizedFrom(
  value: Value | undefined,
  context: Pick<MatchContext, 'producerOf'>,
): Quantized | undefined {
  const node = value && context.producerOf(value);
  if (node?.op !== 'DequantizeLinear' || value?.type?.dtype !== 'float32') return undefined;
  const [x] = node.inputs;
  return x && quantizedAs(node, x);
}

/** What a QuantizeLinear gives, or a DequantizeLinear takes: integers `x` by its scale and zero point. */
export function quantizedAs(node: Node, x: Value | undefined): Quantized | undefined {
  const [, scale, zero] = node.inputs;
  const rank = x?.type?.dims.length;
  const dims = scale?.type?.dims;
  const isInBlocks = (optionalAttribute(node, 'block_size', 'int') ?? 0) !== 0;
  if (!x?.type || rank === undefined || !scale || !dims || isInBlocks) return undefined;
  const isOne = dims.every((dim) => dim === 1);
  const axis = optionalAttribute(node, 'axis', 'int') ?? 1;
  const known = { x, scale, zero, dtype: x.type.dtype };
  return { ...known, axis: isOne ? undefined : axis < 0 ? axis + rank : axis };
}

export function isOfBytes({ dtype }: Quantized): boolean {
  return dtype === 'int8' || dtype === 'uint8';
}

/** Whether the same integers stand for the same numbers. */
export function sameQuantization(a: Quantized, b: Quantized): boolean {
  const [first, second] = [oneScale(a), oneScale(b)];
  return (
    a.dtype === b.dtype &&
    first !== undefined &&
    first === second &&
    oneZero(a) !== undefined &&
    oneZero(a) === oneZero(b)
  );
}

/** The scale of a whole tensor, if it is known. */
export function oneScale({ scale, axis }: Quantized): number | undefined {
  return axis === undefined ? scalarValue(scale) : undefined;
}

/** The zero point of a whole tensor, if it is known. */
export function oneZero({ zero, axis }: Quantized): number | undefined {
  if (axis !== undefined) return undefined;
  return zero === undefined ? 0 : scalarValue(zero);
}

/** The scales, one or as many as the axis has indices, if they are known. */
function scalesOf({ scale }: Quantized): readonly number[] | undefined {
  return scale.constant && numbersOf(scale.constant);
}

/** The zero point as an input of an op that must have one. */
export function zeroOf({ zero, dtype }: Quantized, rewriter: Rewriter): Value {
  return zero ?? rewriter.scalar(dtype, 0);
}

/** The products of two sets of scales, in float32: one, or one for each of the second. */
export function productsOf(a: Quantized, b: Quantized): readonly number[] | undefined {
  const scale = oneScale(a);
  return scale === undefined ? undefined : scalesOf(b)?.map((other) => Math.fround(scale * other));
}

/** The least and the largest integer of a dtype of bytes. */
export function rangeOfBytes(dtype: DType): readonly [low: number, high: number] {
  return dtype === 'int8' ? [-128, 127] : [0, 255];
}
