/**
 * How each op is spelled, by the family of its operands. A word is an instruction of the operands'
 * type, where `?` stands for `s` or `u`: `lt_?` of int32 is `i32.lt_s`. What no instruction computes
 * is a recipe.
 *
 * An integer op gives something that agrees with the result in the low bits, and `wrap` then brings
 * it to a dtype narrower than 32 bits.
 */

import type { BinaryOp, ScalarType, UnaryOp } from '@whittle/kernel';
import { i32Const } from './assembler/constants.js';
import type { Expr } from './assembler/expr.js';
import { call, op, select } from './assembler/expressions.js';
import { integerHelperName } from './integer-helpers.js';
import type { KernelScope } from './kernel-scope.js';
import { type MathFunction, unaryMath } from './math-imports.js';
import { asI32, constantOf, opByName } from './op-by-name.js';
import { type Family, type Representation, representationOf } from './value-types.js';

type Recipe = (
  operands: readonly [Expr, ...Expr[]],
  of: Representation,
  scope: KernelScope,
) => Expr;
type Spelling = string | Recipe;

/** On doubles; an f32 goes there and back. */
const math =
  (name: MathFunction | 'erf'): Recipe =>
  (operands, { type }, { functions }) => {
    if (type === 'f64') return call('f64', functions.mathFunction(name), ...operands);
    const wide = operands.map((operand) => opByName('f64.promote_f32', operand));
    return op('f32.demote_f64', call('f64', functions.mathFunction(name), ...wide));
  };

const helped =
  (name: string): Recipe =>
  (operands, { type, sign }, { functions }) =>
    call(type, functions.helper(integerHelperName(name, type, sign)), ...operands);

/** The smaller or larger of two integers, by the comparison that the first has to pass. */
const integerExtreme =
  (comparison: 'lt' | 'gt'): Recipe =>
  ([x, y], { type, sign }, scope) => {
    const [a, b] = [scope.share(x), scope.share(y ?? x)];
    const isFirst = opByName(`${type}.${comparison}_${sign}`, a.again, b.again);
    return select(a.first, b.first, asI32(isFirst));
  };

const dotOfHalves: Recipe = ([x, y], _, scope) => {
  const [a, b] = [scope.share(asI32(x)), scope.share(asI32(y ?? x))];
  const high = (half: Expr<'i32'>) => op('i32.shr_s', half, i32Const(16));
  const low = op('i32.mul', op('i32.extend16_s', a.first), op('i32.extend16_s', b.first));
  return op('i32.add', low, op('i32.mul', high(a.again), high(b.again)));
};

const integerNegation: Recipe = ([x], { type }) => opByName(`${type}.sub`, constantOf(type, 0), x);

const integerSize: Recipe = ([x], { type, sign }, scope) => {
  if (sign === 'u') return x;
  const { first, again } = scope.share(x);
  const zero = constantOf(type, 0);
  const negated = opByName(`${type}.sub`, zero, first);
  return select(negated, again, asI32(opByName(`${type}.lt_s`, again, zero)));
};

const integerSign: Recipe = ([x], { type, sign }, scope) => {
  const { first, again } = scope.share(x);
  const zero = constantOf(type, 0);
  const isPositive = opByName(`${type}.gt_${sign}`, first, zero);
  const isNegative = opByName(`${type}.lt_${sign}`, again, zero);
  const result = opByName('i32.sub', isPositive, isNegative);
  return type === 'i64' ? opByName('i64.extend_i32_s', result) : result;
};

/** Keeps zeros of either sign, and NaN. */
const floatSign: Recipe = ([x], { type }, scope) => {
  const { first, again } = scope.share(x);
  const one = opByName(`${type}.copysign`, constantOf(type, 1), first);
  const size = opByName(`${type}.abs`, again);
  return select(one, again, asI32(opByName(`${type}.gt`, size, constantOf(type, 0))));
};

const isNan: Recipe = ([x], { type }, scope) => {
  const { first, again } = scope.share(x);
  return opByName(`${type}.ne`, first, again);
};

const binarySpellings: Readonly<Record<Family, Partial<Record<BinaryOp, Spelling>>>> = {
  float: {
    ...{ eq: 'eq', ne: 'ne', lt: 'lt', le: 'le', gt: 'gt', ge: 'ge' },
    ...{ add: 'add', sub: 'sub', mul: 'mul', div: 'div', min: 'min', max: 'max' },
    rem: math('rem'),
    pow: math('pow'),
  },
  integer: {
    ...{ eq: 'eq', ne: 'ne', lt: 'lt_?', le: 'le_?', gt: 'gt_?', ge: 'ge_?' },
    ...{ add: 'add', sub: 'sub', mul: 'mul', shl: 'shl', shr: 'shr_?' },
    ...{ bitand: 'and', bitor: 'or', bitxor: 'xor' },
    div: helped('div'),
    rem: helped('rem'),
    floordiv: helped('floordiv'),
    floormod: helped('floormod'),
    pow: helped('pow'),
    min: integerExtreme('lt'),
    max: integerExtreme('gt'),
    dot16: dotOfHalves,
  },
  bool: { eq: 'eq', ne: 'ne', and: 'and', or: 'or', xor: 'xor' },
};

const unarySpellings: Readonly<Record<Family, Partial<Record<UnaryOp, Spelling>>>> = {
  float: {
    ...Object.fromEntries(unaryMath.map((name) => [name, math(name)])),
    erf: math('erf'),
    ...{ neg: 'neg', abs: 'abs', floor: 'floor', ceil: 'ceil', trunc: 'trunc', sqrt: 'sqrt' },
    round: 'nearest',
    sign: floatSign,
    isnan: isNan,
  },
  integer: {
    neg: integerNegation,
    abs: integerSize,
    sign: integerSign,
    bitnot: ([x], { type }) => opByName(`${type}.xor`, x, constantOf(type, -1)),
  },
  bool: { not: 'eqz' },
};

export function spellUnary(name: UnaryOp, dtype: ScalarType, x: Expr, scope: KernelScope): Expr {
  const spelling = unarySpellings[representationOf(dtype).family][name];
  return wrapResult(name, dtype, spellOp(spelling, name, dtype, [x], scope));
}

/** `dtype` is that of the operands. */
export function spellBinary(
  name: BinaryOp,
  dtype: ScalarType,
  operands: readonly [Expr, Expr],
  scope: KernelScope,
): Expr {
  const spelling = binarySpellings[representationOf(dtype).family][name];
  return wrapResult(name, dtype, spellOp(spelling, name, dtype, operands, scope));
}

function spellOp(
  spelling: Spelling | undefined,
  name: string,
  dtype: ScalarType,
  operands: readonly [Expr, ...Expr[]],
  scope: KernelScope,
): Expr {
  if (spelling === undefined) return scope.fail(`no ${name} of ${dtype}`);
  const representation = representationOf(dtype);
  if (typeof spelling !== 'string') return spelling(operands, representation, scope);
  const word = spelling.replace('?', representation.sign);
  return opByName(`${representation.type}.${word}`, ...operands);
}

/** Ops that can leave the dtype of their operands. */
const open: ReadonlySet<BinaryOp | UnaryOp> = new Set([
  ...(['add', 'sub', 'mul', 'div', 'floordiv', 'pow', 'shl', 'neg', 'abs', 'bitnot'] as const),
]);

function wrapResult(name: BinaryOp | UnaryOp, dtype: ScalarType, result: Expr): Expr {
  return open.has(name) ? wrap(result, dtype) : result;
}

/** What agrees with a value in the low bits, as a value of the integer dtype. */
export function wrap(value: Expr, dtype: ScalarType): Expr {
  switch (dtype) {
    case 'int8':
      return op('i32.extend8_s', asI32(value));
    case 'int16':
      return op('i32.extend16_s', asI32(value));
    case 'uint8':
      return op('i32.and', asI32(value), i32Const(0xff));
    case 'uint16':
      return op('i32.and', asI32(value), i32Const(0xffff));
    default:
      return value;
  }
}
