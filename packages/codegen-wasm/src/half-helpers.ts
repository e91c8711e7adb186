/**
 * Functions that turn 16-bit floats into f32 and back, rounding to nearest with ties to even. As in
 * tensors, every NaN becomes the one quiet NaN of its format.
 */

import { f32Const, i32Const } from './assembler/constants.js';
import { type Func, func } from './assembler/definitions.js';
import type { Expr } from './assembler/expr.js';
import { local, localGet, op, select } from './assembler/expressions.js';
import { ifElse, localSet, returns } from './assembler/statements.js';

const and = (x: Expr<'i32'>, mask: number): Expr<'i32'> => op('i32.and', x, i32Const(mask));
const shiftLeft = (x: Expr<'i32'>, bits: number): Expr<'i32'> => op('i32.shl', x, i32Const(bits));
const shiftRight = (x: Expr<'i32'>, bits: number): Expr<'i32'> =>
  op('i32.shr_u', x, i32Const(bits));
const add = (x: Expr<'i32'>, y: number): Expr<'i32'> => op('i32.add', x, i32Const(y));

/** The upper bits of a number, rounded to nearest even by adding just under half of the last place. */
function roundOff(x: Expr<'i32'>, bits: number): Expr<'i32'> {
  const tie = and(shiftRight(x, bits), 1);
  return shiftRight(op('i32.add', add(x, 2 ** (bits - 1) - 1), tie), bits);
}

const infinityBits = 0x7f800000;
const bits = local('i32', 'bits');
const size = local('i32', 'size');
const value = local('f32', 'value');
const isNan = op('f32.ne', localGet(value), localGet(value));
const magnitude = and(localGet(size), 0x7fffffff);

function decodeBfloat16(): Func {
  return func({
    name: 'decode.bfloat16',
    params: [bits],
    results: ['f32'],
    body: [returns(op('f32.reinterpret_i32', shiftLeft(localGet(bits), 16)))],
  });
}

function encodeBfloat16(): Func {
  return func({
    name: 'encode.bfloat16',
    params: [value],
    results: ['i32'],
    body: [
      ifElse(isNan, [returns(i32Const(0x7fc0))]),
      returns(roundOff(op('i32.reinterpret_f32', localGet(value)), 16)),
    ],
  });
}

/** Shifts exponent and mantissa into place; a product then mends the exponent, subnormals included. */
function decodeFloat16(): Func {
  const scaled = op('f32.mul', op('f32.reinterpret_i32', localGet(size)), f32Const(2 ** 112));
  const special = op('i32.or', localGet(size), i32Const(infinityBits));
  const isSpecial = op('i32.ge_u', localGet(size), i32Const(0x7c00 << 13));
  const unsigned = select(special, op('i32.reinterpret_f32', scaled), isSpecial);
  const sign = shiftLeft(and(localGet(bits), 0x8000), 16);
  return func({
    name: 'decode.float16',
    params: [bits],
    locals: [size],
    results: ['f32'],
    body: [
      localSet(size, shiftLeft(and(localGet(bits), 0x7fff), 13)),
      returns(op('f32.reinterpret_i32', op('i32.or', unsigned, sign))),
    ],
  });
}

/** The bits of 65520, from which on a number rounds to infinity, and of 2^-14, the least normal one. */
const overflowBits = 0x477ff000;
const normalBits = 0x38800000;
const halfBits = 0x3f000000;

function encodeFloat16(): Func {
  const sign = local('i32', 'sign');
  const withSign = (x: Expr<'i32'>) => returns(op('i32.or', x, localGet(sign)));
  // The last place of numbers from 0.5 on is the unit of subnormal ones, so the sum does the rounding.
  const sum = op('f32.add', op('f32.reinterpret_i32', localGet(size)), f32Const(0.5));
  const subnormal = add(op('i32.reinterpret_f32', sum), -halfBits);
  const rebiased = add(localGet(size), -((127 - 15) << 23));
  return func({
    name: 'encode.float16',
    params: [value],
    locals: [size, sign],
    results: ['i32'],
    body: [
      ifElse(isNan, [returns(i32Const(0x7e00))]),
      localSet(size, op('i32.reinterpret_f32', localGet(value))),
      localSet(sign, and(shiftRight(localGet(size), 16), 0x8000)),
      localSet(size, magnitude),
      ifElse(op('i32.ge_u', localGet(size), i32Const(overflowBits)), [withSign(i32Const(0x7c00))]),
      ifElse(op('i32.lt_u', localGet(size), i32Const(normalBits)), [withSign(subnormal)]),
      withSign(roundOff(rebiased, 13)),
    ],
  });
}

/**
 * An f64 as an f32 that is rounded to odd: toward zero, and then with the last bit set unless nothing
 * was lost. Rounding that once more, to 16 bits, gives what rounding the f64 at once would give.
 */
function demoteToOdd(): Func {
  const wide = local('f64', 'wide');
  const near = op('f64.promote_f32', localGet(value));
  const tooLarge = op('f64.gt', op('f64.abs', near), op('f64.abs', localGet(wide)));
  const isExact = op('f64.eq', near, localGet(wide));
  const truncated = op('i32.sub', localGet(bits), tooLarge);
  return func({
    name: 'demote.odd',
    params: [wide],
    locals: [value, bits],
    results: ['f32'],
    body: [
      localSet(value, op('f32.demote_f64', localGet(wide))),
      ifElse(op('i32.or', isExact, isNan), [returns(localGet(value))]),
      localSet(bits, op('i32.reinterpret_f32', localGet(value))),
      returns(op('f32.reinterpret_i32', op('i32.or', truncated, i32Const(1)))),
    ],
  });
}

export const halfHelpers: readonly Func[] = [
  decodeFloat16(),
  encodeFloat16(),
  decodeBfloat16(),
  encodeBfloat16(),
  demoteToOdd(),
];
