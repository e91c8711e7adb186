/** Words that the vector functions are written in. All are of four lanes. */

import { i32Const } from '../assembler/constants.js';
import { op } from '../assembler/expressions.js';
import { splatConst } from '../vector-constants.js';
import type { Vector } from './vector-steps.js';

export const add = (a: Vector, b: Vector): Vector => op('f32x4.add', a, b);
export const sub = (a: Vector, b: Vector): Vector => op('f32x4.sub', a, b);
export const mul = (a: Vector, b: Vector): Vector => op('f32x4.mul', a, b);
export const div = (a: Vector, b: Vector): Vector => op('f32x4.div', a, b);
export const abs = (a: Vector): Vector => op('f32x4.abs', a);
export const and = (a: Vector, b: Vector): Vector => op('v128.and', a, b);
export const or = (a: Vector, b: Vector): Vector => op('v128.or', a, b);

/** A mask: all ones in the lanes where it holds. */
export const lessThan = (a: Vector, b: Vector): Vector => op('f32x4.lt', a, b);

/** `x`, or the bound where `x` is beyond it. NaN stays: no comparison with it holds. */
export const atMost = (x: Vector, bound: number): Vector => op('f32x4.pmin', x, splat(bound));
export const atLeast = (x: Vector, bound: number): Vector => op('f32x4.pmax', x, splat(bound));

/** By a mask. */
export const choose = (ifOnes: Vector, ifZeros: Vector, mask: Vector): Vector =>
  op('v128.bitselect', ifOnes, ifZeros, mask);

/** The magnitude of the first, which has no sign, with the sign of the second. */
export const withSignOf = (magnitude: Vector, x: Vector): Vector =>
  or(magnitude, and(x, splatBits(0x80000000)));

/** A float in each lane. */
export const splat = (value: number): Vector => splatConst('float32', value);

/** 32 bits in each lane. */
export const splatBits = (bits: number): Vector => splatConst('int32', bits);

/**
 * The coefficient of the highest power comes first. By Horner's rule on pairs of terms, in the square
 * of `x`: half as many steps have to wait for one another.
 */
export function polynomial(coefficients: readonly number[], x: Vector, square: Vector): Vector {
  const pairs: Vector[] = [];
  for (let end = coefficients.length; end > 0; end -= 2) {
    const [low = 0, high] = coefficients.slice(Math.max(end - 2, 0), end).reverse();
    pairs.unshift(high === undefined ? splat(low) : add(mul(x, splat(high)), splat(low)));
  }
  return pairs.reduce((sum, pair) => add(mul(sum, square), pair));
}

/** Adding 1.5 * 2^23 rounds a small float to an integer, which the low bits of the sum then hold. */
const rounder = splat(1.5 * 2 ** 23);
export const shiftToInteger = (x: Vector): Vector => add(x, rounder);
export const shiftBack = (shifted: Vector): Vector => sub(shifted, rounder);

/** 2 to the power of an integer that the low bits hold; the other bits, above the ninth, are lost. */
export const powerOfTwo = (integer: Vector): Vector =>
  op('i32x4.add', op('i32x4.shl', integer, i32Const(23)), splat(1));
