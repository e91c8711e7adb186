/**
 * Conversions between scalar types. A float becomes an integer by truncation toward zero, clamped to
 * 32 bits (64 for the 64-bit dtypes; NaN gives 0), and then wraps to a narrower dtype: what
 * WebAssembly's `trunc_sat` gives. A float becomes true where it is not zero.
 */

import {
  bfloat16ToNumber,
  float16ToNumber,
  isFloat,
  numberToBfloat16,
  numberToFloat16,
} from '@whittle/ir';
import type { ScalarType } from '../loop-ir.js';
import { type EvaluateNumber, wraps } from './number-ops.js';
import { floatToInt32, floatToInt64 } from './scalar-math.js';

const roundings: Partial<Record<ScalarType, (value: number) => number>> = {
  float32: Math.fround,
  float16: (value) => float16ToNumber(numberToFloat16(value)),
  bfloat16: (value) => bfloat16ToNumber(numberToBfloat16(value)),
};

/** To a dtype held as a number; `from` is absent where the value is a bigint. */
export function castToNumber(
  x: (() => number) | (() => bigint),
  dtype: ScalarType,
  from?: ScalarType,
): EvaluateNumber {
  if (dtype === 'bool') return () => (Number(x()) !== 0 ? 1 : 0);
  if (dtype !== 'index' && isFloat(dtype)) {
    const round = roundings[dtype];
    // Adding zero turns the -0 that index arithmetic may give into 0, and keeps that of a float.
    const zero = from !== undefined && isFloatType(from) ? -0 : 0;
    return round === undefined ? () => Number(x()) + zero : () => round(Number(x()) + zero);
  }
  const wrap = wraps[dtype] ?? ((value: number) => value);
  if (from === undefined) return () => wrap(Number(BigInt.asIntN(32, BigInt(x()))));
  if (!isFloatType(from)) return () => wrap(Number(x()));
  const signed = dtype !== 'uint32';
  return () => wrap(floatToInt32(Number(x()), signed));
}

/** To a 64-bit integer; `from` is absent where the value is a bigint. */
export function castToBigint(
  x: (() => number) | (() => bigint),
  dtype: ScalarType,
  from?: ScalarType,
): () => bigint {
  const signed = dtype !== 'uint64';
  if (from !== undefined && isFloatType(from)) return () => floatToInt64(Number(x()), signed);
  const wrap = signed ? BigInt.asIntN : BigInt.asUintN;
  return () => wrap(64, BigInt(x()));
}

function isFloatType(dtype: ScalarType): boolean {
  return dtype !== 'index' && isFloat(dtype);
}
