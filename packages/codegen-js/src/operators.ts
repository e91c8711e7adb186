/**
 * How each op is spelled, by the family of its operands. Float arithmetic stays in double precision
 * and is rounded by the typed array at the store. An integer op gives something that agrees with the
 * result modulo 2^32, and `wrapped` brings it to its dtype; where the op cannot leave the dtype,
 * there is nothing to bring.
 *
 * Integer division by zero needs no branch: JavaScript gives an infinity or NaN, which the wrap turns
 * into 0, the result that the loop IR asks for.
 */

import type { BinaryOp, ScalarType, UnaryOp } from '@whittle/kernel';
import { type Code, call, infix, type Level, prefix, primary } from './code.js';
import { type Family, familyOf } from './types.js';

/** Names the helper function of the runtime text, and notes that the module needs it. */
export type UseHelper = (name: string) => string;

type Unary = (x: Code, helper: UseHelper) => Code;
type Binary = (a: Code, b: Code, helper: UseHelper) => Code;

const op =
  (operator: string, level: Level): Binary =>
  (a, b) =>
    infix(a, operator, level, b);

const math =
  (name: string): Unary & Binary =>
  (...codes: readonly (Code | UseHelper)[]) =>
    call(`Math.${name}`, ...codes.filter((code) => typeof code !== 'function'));

const helped =
  (name: string): Unary & Binary =>
  (...codes: readonly (Code | UseHelper)[]) => {
    const args: Code[] = [];
    let spelled = name;
    for (const code of codes) {
      if (typeof code === 'function') spelled = code(name);
      else args.push(code);
    }
    return call(spelled, ...args);
  };

const comparisons: Partial<Record<BinaryOp, Binary>> = {
  eq: op('===', 'equality'),
  ne: op('!==', 'equality'),
  lt: op('<', 'relational'),
  le: op('<=', 'relational'),
  gt: op('>', 'relational'),
  ge: op('>=', 'relational'),
};

const arithmetic: Partial<Record<BinaryOp, Binary>> = {
  add: op('+', 'additive'),
  sub: op('-', 'additive'),
  mul: op('*', 'multiplicative'),
};

const bitwise: Partial<Record<BinaryOp, Binary>> = {
  bitand: op('&', 'bitand'),
  bitor: op('|', 'bitor'),
  bitxor: op('^', 'bitxor'),
};

/** Of an int32, the integer in its low half or in its high half. */
const lowHalf = (code: Code): Code => shiftBack(code, '16');
const highHalf = (code: Code): Code => infix(code, '>>', 'shift', primary('16'));

const dotOfHalves: Binary = (a, b) => {
  const low = call('Math.imul', lowHalf(a), lowHalf(b));
  return infix(low, '+', 'additive', call('Math.imul', highHalf(a), highHalf(b)));
};

/** For divisors of either sign or zero; the printer knows shorter forms for indices. */
const floorDivision: Partial<Record<BinaryOp, Binary>> = {
  div: op('/', 'multiplicative'),
  rem: op('%', 'multiplicative'),
  floordiv: (a, b) => call('Math.floor', infix(a, '/', 'multiplicative', b)),
  floormod: (a, b) => {
    const quotient = call('Math.floor', infix(a, '/', 'multiplicative', b));
    return infix(a, '-', 'additive', infix(quotient, '*', 'multiplicative', b));
  },
  min: math('min'),
  max: math('max'),
};

const binaryOperators: Readonly<Record<Family, Partial<Record<BinaryOp, Binary>>>> = {
  float: {
    ...comparisons,
    ...arithmetic,
    div: op('/', 'multiplicative'),
    rem: op('%', 'multiplicative'),
    min: math('min'),
    max: math('max'),
    pow: math('pow'),
  },
  integer: {
    ...comparisons,
    ...arithmetic,
    ...bitwise,
    ...floorDivision,
    mul: math('imul'),
    pow: helped('powInt32'),
    shl: op('<<', 'shift'),
    shr: op('>>', 'shift'),
    dot16: dotOfHalves,
  },
  index: { ...comparisons, ...arithmetic, ...floorDivision },
  bigint: {
    ...comparisons,
    ...arithmetic,
    ...bitwise,
    div: helped('divInt64'),
    rem: helped('remInt64'),
    floordiv: helped('floorDivInt64'),
    floormod: helped('floorModInt64'),
    min: helped('minInt64'),
    max: helped('maxInt64'),
    pow: helped('powInt64'),
    shl: (a, b) => infix(a, '<<', 'shift', infix(b, '&', 'bitand', primary('63n'))),
    shr: (a, b) => infix(a, '>>', 'shift', infix(b, '&', 'bitand', primary('63n'))),
  },
  bool: {
    eq: op('===', 'equality'),
    ne: op('!==', 'equality'),
    and: op('&&', 'and'),
    or: op('||', 'or'),
    xor: op('!==', 'equality'),
  },
};

const negate: Unary = (x) => prefix('-', x);
/** Gives 0 for 0, where a negation would give -0. */
const subtractFromZero: Unary = (x) => infix(primary('0'), '-', 'additive', x);
const invert: Unary = (x) => prefix('~', x);

const floatFunctions = [
  ...['abs', 'sign', 'floor', 'ceil', 'trunc', 'sqrt', 'exp', 'log', 'sin', 'cos', 'tan'],
  ...['asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh'],
];

const unaryOperators: Readonly<Record<Family, Partial<Record<UnaryOp, Unary>>>> = {
  float: {
    ...Object.fromEntries(floatFunctions.map((name) => [name, math(name)])),
    neg: negate,
    round: helped('roundHalfToEven'),
    erf: helped('erf'),
    isnan: (x) => call('Number.isNaN', x),
  },
  integer: { neg: negate, abs: math('abs'), sign: math('sign'), bitnot: invert },
  index: { neg: subtractFromZero, abs: math('abs'), sign: math('sign') },
  bigint: { neg: negate, abs: helped('absInt64'), sign: helped('signInt64'), bitnot: invert },
  bool: { not: (x) => prefix('!', x) },
};

/** The op on operands of `dtype`; undefined where it has none. */
export function binaryOperator(name: BinaryOp, dtype: ScalarType): Binary | undefined {
  if (name === 'shr' && dtype === 'uint32') return op('>>>', 'shift');
  return binaryOperators[familyOf(dtype)][name];
}

export function unaryOperator(name: UnaryOp, dtype: ScalarType): Unary | undefined {
  return unaryOperators[familyOf(dtype)][name];
}

/** Ops whose result is of the dtype whenever the operands are. */
const closed: ReadonlySet<BinaryOp | UnaryOp> = new Set(['min', 'max', 'sign', 'shr']);

/** Ops that JavaScript itself carries out on signed integers of 32 bits. */
const closedInInt32: ReadonlySet<BinaryOp | UnaryOp> = new Set(['mul', 'shl', 'bitnot']);

/** Those of them that keep a narrower dtype too. */
const closedBelowUint32: ReadonlySet<BinaryOp | UnaryOp> = new Set(['bitand', 'bitor', 'bitxor']);

/** The result of an op brought to the integer dtype that it is of. */
export function wrapped(code: Code, dtype: ScalarType, name: BinaryOp | UnaryOp): Code {
  if (closed.has(name)) return code;
  if (closedInInt32.has(name) && dtype === 'int32') return code;
  if (closedBelowUint32.has(name) && familyOf(dtype) === 'integer' && dtype !== 'uint32')
    return code;
  return wrap(code, dtype);
}

export function wrap(code: Code, dtype: ScalarType): Code {
  switch (dtype) {
    case 'int8':
      return shiftBack(code, '24');
    case 'int16':
      return shiftBack(code, '16');
    case 'int32':
      return infix(code, '|', 'bitor', primary('0'));
    case 'uint8':
      return infix(code, '&', 'bitand', primary('255'));
    case 'uint16':
      return infix(code, '&', 'bitand', primary('65535'));
    case 'uint32':
      return infix(code, '>>>', 'shift', primary('0'));
    case 'int64':
      return call('BigInt.asIntN', primary('64'), code);
    case 'uint64':
      return call('BigInt.asUintN', primary('64'), code);
    default:
      return code;
  }
}

function shiftBack(code: Code, bits: string): Code {
  return infix(infix(code, '<<', 'shift', primary(bits)), '>>', 'shift', primary(bits));
}
