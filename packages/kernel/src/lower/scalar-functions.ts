/**
 * What each elementwise op computes for one element, as rows. `p` are the float attributes of the
 * op in the order of its record; for Clip the two bounds.
 *
 * Source: the operator definitions of the ONNX specification.
 */

import type { Block } from '../block.js';
import { add, binary, cast, isLiteral, literal, mul, select, sub, unary } from '../expr.js';
import type { BinaryOp, Expr, UnaryOp } from '../loop-ir.js';
import { inFloat, isFloatType, isUnsignedType } from './scalar-types.js';

/** `x` may be used several times: it is a name or a literal. */
export type UnaryFunction = (block: Block, x: Expr, p: readonly number[]) => Expr;
export type BinaryFunction = (block: Block, a: Expr, b: Expr) => Expr;

const at = (p: readonly number[], i: number): number => p[i] ?? 0;
const num = (x: Expr, value: number): Expr => literal(x.dtype, value);
const plus = (x: Expr, value: number): Expr => add(x, num(x, value));
const times = (x: Expr, value: number): Expr => mul(x, num(x, value));
const div = (a: Expr, b: Expr): Expr => binary('div', a, b);
const max = (x: Expr, value: number): Expr => binary('max', x, num(x, value));
const min = (x: Expr, value: number): Expr => binary('min', x, num(x, value));
const exp = (x: Expr): Expr => unary('exp', x);
const positive = (x: Expr): Expr => binary('gt', x, num(x, 0));
const negative = (x: Expr): Expr => binary('lt', x, num(x, 0));
const sigmoid = (x: Expr): Expr => div(num(x, 1), plus(exp(unary('neg', x)), 1));
const direct =
  (op: UnaryOp): UnaryFunction =>
  (_, x) =>
    unary(op, x);

/** log(1 + e^x), without overflow for large x. */
const softplus = (x: Expr): Expr =>
  add(max(x, 0), unary('log', plus(exp(unary('neg', unary('abs', x))), 1)));

export const unaryFunctions: Readonly<Record<string, UnaryFunction>> = {
  Abs: (_, x) => magnitude(x),
  Neg: direct('neg'),
  Sign: (_, x) => (isUnsignedType(x.dtype) ? min(x, 1) : unary('sign', x)),
  Floor: direct('floor'),
  Ceil: direct('ceil'),
  Round: direct('round'),
  Sqrt: direct('sqrt'),
  Exp: direct('exp'),
  Log: direct('log'),
  Sin: direct('sin'),
  Cos: direct('cos'),
  Tan: direct('tan'),
  Asin: direct('asin'),
  Acos: direct('acos'),
  Atan: direct('atan'),
  Sinh: direct('sinh'),
  Cosh: direct('cosh'),
  Tanh: direct('tanh'),
  Asinh: direct('asinh'),
  Acosh: direct('acosh'),
  Atanh: direct('atanh'),
  Erf: direct('erf'),
  Not: direct('not'),
  BitwiseNot: direct('bitnot'),
  IsNaN: direct('isnan'),
  Reciprocal: (_, x) => div(num(x, 1), x),
  Relu: (_, x) => max(x, 0),
  LeakyRelu: (_, x, p) => select(negative(x), times(x, at(p, 0)), x),
  ThresholdedRelu: (_, x, p) => select(binary('gt', x, num(x, at(p, 0))), x, num(x, 0)),
  Elu: (_, x, p) => select(negative(x), times(plus(exp(x), -1), at(p, 0)), x),
  Selu: (_, x, p) => times(select(positive(x), x, times(plus(exp(x), -1), at(p, 0))), at(p, 1)),
  Celu: (_, x, p) => add(max(x, 0), min(times(plus(exp(times(x, 1 / at(p, 0))), -1), at(p, 0)), 0)),
  Sigmoid: (_, x) => sigmoid(x),
  HardSigmoid: (_, x, p) => max(min(plus(times(x, at(p, 0)), at(p, 1)), 1), 0),
  HardSwish: (_, x) => mul(x, max(min(plus(times(x, 1 / 6), 0.5), 1), 0)),
  Silu: (_, x) => div(x, plus(exp(unary('neg', x)), 1)),
  Softplus: (_, x) => softplus(x),
  Softsign: (_, x) => div(x, plus(unary('abs', x), 1)),
  Mish: (_, x) => mul(x, unary('tanh', softplus(x))),
  Gelu: (_, x) => mul(times(x, 0.5), plus(unary('erf', times(x, Math.SQRT1_2)), 1)),
  Shrink: (_, x, p) => inFloat(x, (v) => shrink(v, at(p, 0), at(p, 1))),
  Clip: (_, x, p) => clip(x, at(p, 0), at(p, 1)),
};

/** `abs`, which unsigned integers are already. */
export function magnitude(x: Expr): Expr {
  return isUnsignedType(x.dtype) ? x : unary('abs', x);
}

/** The approximation of Gelu by the hyperbolic tangent. */
export function tanhGelu(x: Expr): Expr {
  const cubic = plus(times(mul(x, x), 0.044715), 1);
  const inside = mul(times(x, Math.sqrt(2 / Math.PI)), cubic);
  return mul(times(x, 0.5), plus(unary('tanh', inside), 1));
}

/** Both bounds, an infinite one left out. */
function clip(x: Expr, low: number, high: number): Expr {
  const above = low === Number.NEGATIVE_INFINITY ? x : max(x, low);
  return high === Number.POSITIVE_INFINITY ? above : min(above, high);
}

function shrink(x: Expr, bias: number, lambda: number): Expr {
  const above = select(binary('gt', x, num(x, lambda)), plus(x, -bias), num(x, 0));
  return select(binary('lt', x, num(x, -lambda)), plus(x, bias), above);
}

const directly =
  (op: BinaryOp): BinaryFunction =>
  (_, a, b) =>
    binary(op, a, b);

export const binaryFunctions: Readonly<Record<string, BinaryFunction>> = {
  Add: directly('add'),
  Sub: (_, a, b) => sub(a, b),
  Mul: directly('mul'),
  Div: directly('div'),
  Pow: (_, a, b) => power(a, b),
  Min: directly('min'),
  Max: directly('max'),
  And: directly('and'),
  Or: directly('or'),
  Xor: directly('xor'),
  Equal: directly('eq'),
  Less: directly('lt'),
  LessOrEqual: directly('le'),
  Greater: directly('gt'),
  GreaterOrEqual: directly('ge'),
  BitwiseAnd: directly('bitand'),
  BitwiseOr: directly('bitor'),
  BitwiseXor: directly('bitxor'),
  PRelu: (_, x, slope) => select(negative(x), mul(x, slope), x),
};

/** The result has the type of the base; an integer base and a float exponent meet as floats. */
function power(base: Expr, exponent: Expr): Expr {
  if (isLiteral(exponent)) {
    const n = Number(exponent.value);
    if (n === 1) return base;
    if (n === 2) return mul(base, base);
    if (n === 3) return mul(mul(base, base), base);
    if (n === 0.5) return inFloat(base, (x) => unary('sqrt', x));
  }
  if (isFloatType(base.dtype) || !isFloatType(exponent.dtype)) {
    return binary('pow', base, cast(exponent, base.dtype));
  }
  const floats = binary('pow', cast(base, 'float64'), cast(exponent, 'float64'));
  return cast(floats, base.dtype);
}
