/**
 * The ops on values that the interpreter holds as numbers: floats, integers up to 32 bits, indices,
 * and bools as 0 and 1. An op is a combinator: it takes evaluators and gives one.
 *
 * Integers: an op computes something that agrees with the true result modulo 2^32, and `wrap` then
 * brings it to the dtype. Dividing by zero gives 0, as do `rem` and `floormod`. A shift counts modulo
 * 32 and happens in 32 bits.
 */

import type { BinaryOp, ScalarType, UnaryOp } from '../loop-ir.js';
import { erf } from './erf.js';
import { powInt32, roundHalfToEven } from './scalar-math.js';

export type EvaluateNumber = () => number;
type Unary = (x: EvaluateNumber) => EvaluateNumber;
type Binary = (a: EvaluateNumber, b: EvaluateNumber) => EvaluateNumber;

export const comparisonsOfNumbers: Partial<Record<BinaryOp, Binary>> = {
  eq: (a, b) => () => (a() === b() ? 1 : 0),
  ne: (a, b) => () => (a() !== b() ? 1 : 0),
  lt: (a, b) => () => (a() < b() ? 1 : 0),
  le: (a, b) => () => (a() <= b() ? 1 : 0),
  gt: (a, b) => () => (a() > b() ? 1 : 0),
  ge: (a, b) => () => (a() >= b() ? 1 : 0),
};

export const boolBinary: Partial<Record<BinaryOp, Binary>> = {
  and: (a, b) => () => a() & b(),
  or: (a, b) => () => a() | b(),
  xor: (a, b) => () => a() ^ b(),
};

export const boolUnary: Partial<Record<UnaryOp, Unary>> = { not: (x) => () => x() ^ 1 };

export const floatBinary: Partial<Record<BinaryOp, Binary>> = {
  add: (a, b) => () => a() + b(),
  sub: (a, b) => () => a() - b(),
  mul: (a, b) => () => a() * b(),
  div: (a, b) => () => a() / b(),
  rem: (a, b) => () => a() % b(),
  min: (a, b) => () => Math.min(a(), b()),
  max: (a, b) => () => Math.max(a(), b()),
  pow: both(Math.pow),
};

export const floatUnary: Partial<Record<UnaryOp, Unary>> = {
  neg: (x) => () => -x(),
  round: applied(roundHalfToEven),
  erf: applied(erf),
  isnan: (x) => () => (Number.isNaN(x()) ? 1 : 0),
  abs: applied(Math.abs),
  sign: applied(Math.sign),
  floor: applied(Math.floor),
  ceil: applied(Math.ceil),
  trunc: applied(Math.trunc),
  sqrt: applied(Math.sqrt),
  exp: applied(Math.exp),
  log: applied(Math.log),
  sin: applied(Math.sin),
  cos: applied(Math.cos),
  tan: applied(Math.tan),
  asin: applied(Math.asin),
  acos: applied(Math.acos),
  atan: applied(Math.atan),
  sinh: applied(Math.sinh),
  cosh: applied(Math.cosh),
  tanh: applied(Math.tanh),
  asinh: applied(Math.asinh),
  acosh: applied(Math.acosh),
  atanh: applied(Math.atanh),
};

/** Before `wrap`. Indices use these too, and need no wrap. */
export const integerBinary: Partial<Record<BinaryOp, Binary>> = {
  add: (a, b) => () => a() + b(),
  sub: (a, b) => () => a() - b(),
  mul: (a, b) => () => Math.imul(a(), b()),
  div: both((a, b) => (b === 0 ? 0 : Math.trunc(a / b))),
  floordiv: both((a, b) => (b === 0 ? 0 : Math.floor(a / b))),
  floormod: both((a, b) => (b === 0 ? 0 : a - b * Math.floor(a / b))),
  rem: both((a, b) => (b === 0 ? 0 : a % b)),
  min: both(Math.min),
  max: both(Math.max),
  pow: both(powInt32),
  bitand: both((a, b) => a & b),
  bitor: both((a, b) => a | b),
  bitxor: both((a, b) => a ^ b),
  shl: both((a, b) => a << b),
  dot16: both((a, b) => ((a << 16) >> 16) * ((b << 16) >> 16) + (a >> 16) * (b >> 16)),
};

export const integerUnary: Partial<Record<UnaryOp, Unary>> = {
  neg: (x) => () => 0 - x(),
  abs: applied(Math.abs),
  sign: applied(Math.sign),
  bitnot: (x) => () => ~x(),
};

export const shiftRightSigned: Binary = (a, b) => () => a() >> b();
export const shiftRightUnsigned: Binary = (a, b) => () => a() >>> b();

/** How a result modulo 2^32 becomes a value of an integer dtype; absent where nothing is to do. */
export const wraps: Partial<Record<ScalarType, (value: number) => number>> = {
  int8: (value) => (value << 24) >> 24,
  int16: (value) => (value << 16) >> 16,
  int32: (value) => value | 0,
  uint8: (value) => value & 0xff,
  uint16: (value) => value & 0xffff,
  uint32: (value) => value >>> 0,
};

function applied(f: (x: number) => number): Unary {
  return (x) => () => f(x());
}

function both(f: (a: number, b: number) => number): Binary {
  return (a, b) => () => f(a(), b());
}
