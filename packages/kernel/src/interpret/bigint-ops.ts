/**
 * The ops on 64-bit integers, which the interpreter holds as bigints. Results are wrapped to the
 * dtype afterwards. Dividing by zero gives 0, as do `rem` and `floormod`; a shift counts modulo 64.
 */

import type { BinaryOp, UnaryOp } from '../loop-ir.js';
import { floorDivInt64, powInt64 } from './scalar-math.js';

export const bigintBinary: Partial<Record<BinaryOp, (a: bigint, b: bigint) => bigint>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => (b === 0n ? 0n : a / b),
  rem: (a, b) => (b === 0n ? 0n : a % b),
  floordiv: floorDivInt64,
  floormod: (a, b) => (b === 0n ? 0n : a - b * floorDivInt64(a, b)),
  min: (a, b) => (a < b ? a : b),
  max: (a, b) => (a > b ? a : b),
  pow: powInt64,
  bitand: (a, b) => a & b,
  bitor: (a, b) => a | b,
  bitxor: (a, b) => a ^ b,
  shl: (a, b) => a << (b & 63n),
  shr: (a, b) => a >> (b & 63n),
};

export const bigintUnary: Partial<Record<UnaryOp, (x: bigint) => bigint>> = {
  neg: (x) => -x,
  abs: (x) => (x < 0n ? -x : x),
  sign: (x) => (x > 0n ? 1n : x < 0n ? -1n : 0n),
  bitnot: (x) => ~x,
};

export const bigintComparisons: Partial<Record<BinaryOp, (a: bigint, b: bigint) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
};
