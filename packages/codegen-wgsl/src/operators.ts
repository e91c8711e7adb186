/**
 * How each op is spelled, by the family of its operands: on scalars and, with the same rows, on vectors.
 * An op of integers gives something that agrees with the result modulo 2^32, and `wrapped` brings it to
 * a narrower dtype.
 */

import {
  type BinaryOp,
  type Expr,
  isLiteral,
  type ScalarType,
  type UnaryOp,
} from '@whittle/kernel';
import { type Code, call, infix, type Level, prefix, primary, splat } from './code.js';
import { type WgslType, wgslTypeOf } from './types.js';
import type { HelperName, UseHelper } from './wgsl-helpers.js';

/** What an op has to know about its operands. */
interface Operands {
  readonly type: WgslType;
  /** Whether one of them is a vector. */
  readonly lanes: boolean;
  readonly helper: UseHelper;
  /** The last operand where it is a literal that is not NaN. */
  readonly literal: number | undefined;
}

type Unary = (x: Code, of: Operands) => Code;
type Binary = (a: Code, b: Code, of: Operands) => Code;

/** Vectors and scalars mix in arithmetic. */
const arithmetic =
  (operator: string, level: Level): Binary =>
  (a, b) =>
    infix(a, operator, level, b);

/** Elsewhere both sides have to be alike. */
const alike =
  (operator: string): Binary =>
  (a, b, of) => {
    const [left, right] = spread([a, b], of);
    return infix(left, operator, 'other', right);
  };

const builtin =
  (name: string): Unary & Binary =>
  (...given: readonly (Code | Operands)[]) => {
    const { codes, of } = operandsOf(given);
    return call(name, spread(codes, of), of.lanes);
  };

const helped =
  (name: HelperName): Unary & Binary =>
  (...given: readonly (Code | Operands)[]) => {
    const { codes, of } = operandsOf(given);
    return call(of.helper(name, of.lanes), spread(codes, of), of.lanes);
  };

function operandsOf(given: readonly (Code | Operands)[]): { codes: Code[]; of: Operands } {
  const of = given.at(-1) as Operands;
  return { codes: given.slice(0, -1) as Code[], of };
}

function spread<Codes extends readonly Code[]>(codes: Codes, { lanes, type }: Operands): Codes {
  return (lanes ? codes.map((code) => splat(code, type)) : codes) as unknown as Codes;
}

/** The helper for a bound that is known not to be NaN, or the one that looks at both. */
const bounded =
  (known: HelperName, any: HelperName): Binary =>
  (a, b, of) =>
    helped(of.literal === undefined ? any : known)(a, b, of);

/** By a constant that is not 0 as WGSL does it, otherwise by a helper. */
const divided =
  (operator: string, name: HelperName): Binary =>
  (a, b, of) =>
    of.literal ? infix(a, operator, 'multiplicative', b) : helped(name)(a, b, of);

/** The number of bits counts modulo 32. */
const shift =
  (operator: string): Binary =>
  (a, b, { type, literal, lanes }) => {
    if (literal !== undefined) {
      const by = primary(`${literal & 31}u`);
      return infix(a, operator, 'other', lanes ? splat(by, 'u32') : by);
    }
    const by = type === 'u32' ? b : call('u32', [b]);
    return infix(a, operator, 'other', infix(by, '&', 'other', primary('31u')));
  };

const wideShift =
  (name: HelperName): Binary =>
  (a, b, { type, helper }) =>
    call(helper(name), [a, type === 'u32' ? b : call('u32', [b])]);

const comparisons: Partial<Record<BinaryOp, Binary>> = {
  eq: alike('=='),
  ne: alike('!='),
  lt: alike('<'),
  le: alike('<='),
  gt: alike('>'),
  ge: alike('>='),
};

const plain: Partial<Record<BinaryOp, Binary>> = {
  ...comparisons,
  add: arithmetic('+', 'additive'),
  sub: arithmetic('-', 'additive'),
  mul: arithmetic('*', 'multiplicative'),
};

const ofIntegers: Partial<Record<BinaryOp, Binary>> = {
  ...plain,
  min: builtin('min'),
  max: builtin('max'),
  bitand: alike('&'),
  bitor: alike('|'),
  bitxor: alike('^'),
  shl: shift('<<'),
  shr: shift('>>'),
  rem: divided('%', 'rem_i32'),
};

const dotOfHalves: Binary = (a, b, of) => {
  const half = (code: Code, first: string): Code =>
    call('extractBits', [code, primary(first), primary('16u')], code.lanes);
  const [times, plus] = [arithmetic('*', 'multiplicative'), arithmetic('+', 'additive')];
  const low = times(half(a, '0u'), half(b, '0u'), of);
  return plus(low, times(half(a, '16u'), half(b, '16u'), of), of);
};

/** Of vectors there are only the operators that look at both sides. */
const logic =
  (ofScalars: string, ofVectors: string): Binary =>
  (a, b, of) =>
    alike(of.lanes ? ofVectors : ofScalars)(a, b, of);

/** In WGSL as it is compiled, NaN does not differ from anything by `!=`. */
const differs: Binary = (a, b, of) => prefix('!', alike('==')(a, b, of));

const binaryOperators: Readonly<Record<WgslType, Partial<Record<BinaryOp, Binary>>>> = {
  f32: {
    ...plain,
    ne: differs,
    div: arithmetic('/', 'multiplicative'),
    rem: helped('rem_f32'),
    min: bounded('at_most', 'minimum'),
    max: bounded('at_least', 'maximum'),
    pow: helped('pow_f32'),
  },
  i32: {
    ...ofIntegers,
    div: divided('/', 'div_i32'),
    floordiv: helped('floordiv_i32'),
    floormod: helped('floormod_i32'),
    dot16: dotOfHalves,
    pow: helped('pow_i32'),
  },
  u32: {
    ...ofIntegers,
    rem: divided('%', 'rem_u32'),
    div: divided('/', 'div_u32'),
    floordiv: divided('/', 'div_u32'),
    floormod: divided('%', 'rem_u32'),
    pow: helped('pow_u32'),
  },
  bool: {
    eq: alike('=='),
    ne: alike('!='),
    xor: alike('!='),
    and: logic('&&', '&'),
    or: logic('||', '|'),
  },
};

const shiftsOfWideIntegers: Partial<Record<ScalarType, Partial<Record<BinaryOp, Binary>>>> = {
  int64: { shl: wideShift('shl_i64'), shr: wideShift('shr_i64') },
  uint64: { shl: wideShift('shl_u64'), shr: wideShift('shr_u64') },
};

const negate: Unary = (x) => prefix('-', x);
const itself: Unary = (x) => x;

const unaryOperators: Readonly<Record<WgslType, Partial<Record<UnaryOp, Unary>>>> = {
  f32: {
    neg: negate,
    abs: builtin('abs'),
    sign: helped('sign_f32'),
    floor: builtin('floor'),
    ceil: builtin('ceil'),
    // Half to even, as WGSL rounds.
    round: builtin('round'),
    trunc: builtin('trunc'),
    sqrt: builtin('sqrt'),
    exp: helped('exp_f32'),
    log: helped('log_f32'),
    sin: helped('sin_f32'),
    cos: helped('cos_f32'),
    tan: helped('tan_f32'),
    asin: helped('asin_f32'),
    acos: helped('acos_f32'),
    atan: helped('atan_f32'),
    sinh: helped('sinh_f32'),
    cosh: helped('cosh_f32'),
    tanh: helped('tanh_f32'),
    asinh: helped('asinh_f32'),
    acosh: helped('acosh_f32'),
    atanh: helped('atanh_f32'),
    erf: helped('erf_f32'),
    isnan: helped('is_nan'),
  },
  i32: {
    neg: negate,
    abs: builtin('abs'),
    sign: builtin('sign'),
    bitnot: (x) => prefix('~', x),
  },
  u32: {
    neg: (x, of) => arithmetic('-', 'additive')(primary('0u'), x, of),
    abs: itself,
    sign: (x, of) => builtin('min')(x, primary('1u'), of),
    bitnot: (x) => prefix('~', x),
  },
  bool: { not: (x) => prefix('!', x) },
};

/** The op on operands of `dtype`; undefined where it has none. */
export function binaryOperator(name: BinaryOp, dtype: ScalarType): Binary | undefined {
  return shiftsOfWideIntegers[dtype]?.[name] ?? binaryOperators[wgslTypeOf(dtype)][name];
}

export function unaryOperator(name: UnaryOp, dtype: ScalarType): Unary | undefined {
  return unaryOperators[wgslTypeOf(dtype)][name];
}

/** The value of an expression that is a literal; undefined for any other, and for NaN. */
export function literalValue(expr: Expr): number | undefined {
  if (!isLiteral(expr) || Number.isNaN(expr.value)) return undefined;
  return Number(expr.value);
}

/** Ops whose result is of a narrow dtype whenever the operands are. */
const closed: ReadonlySet<BinaryOp | UnaryOp> = new Set([
  ...(['min', 'max', 'sign', 'shr', 'rem', 'floormod', 'bitand', 'bitor', 'bitxor'] as const),
]);

/** The result of an op brought to the integer dtype that it is of. */
export function wrapped(code: Code, dtype: ScalarType, name: BinaryOp | UnaryOp): Code {
  return closed.has(name) ? code : wrap(code, dtype);
}

export function wrap(code: Code, dtype: ScalarType): Code {
  switch (dtype) {
    case 'int8':
      return call('extractBits', [code, primary('0u'), primary('8u')]);
    case 'int16':
      return call('extractBits', [code, primary('0u'), primary('16u')]);
    case 'uint8':
      return infix(code, '&', 'other', primary('0xffu'));
    case 'uint16':
      return infix(code, '&', 'other', primary('0xffffu'));
    default:
      return code;
  }
}
