/**
 * exp(x) = 2^n * exp(r) with n the integer nearest to x / ln 2. At most 1 unit in the last place off.
 * Results below 2^-126 are subnormal, not flushed to 0, and as close.
 */

import { i32Const } from '../assembler/constants.js';
import { op } from '../assembler/expressions.js';
import {
  add,
  atLeast,
  atMost,
  mul,
  polynomial,
  powerOfTwo,
  shiftBack,
  shiftToInteger,
  splat,
  sub,
} from './vector-ops.js';
import type { Vector, VectorSteps } from './vector-steps.js';

/** Minimax in relative error for |r| <= ln 2 / 2, by reweighted least squares in doubles, 1 + r given. */
const coefficients = [
  0.001381431007757783, 0.00836885068565607, 0.041668400168418884, 0.1666651964187622,
  0.4999999403953552,
] as const;

/** Of 2^f for |f| <= 1/2: minimax in relative error, 9.1e-8, by the same way, 1 given. */
const coefficientsOfTwo = [
  0.0013264727253378891, 0.009671512785878016, 0.055507337444701654, 0.24022242083110246,
  0.6931469775976813, 1,
] as const;

/** ln 2 in two parts, the first so short that its product with n is exact. */
const ln2High = 0.693359375;
const ln2Low = Math.LN2 - ln2High;

export function vectorExp(x: Vector, steps: VectorSteps): Vector {
  // Beyond these bounds the result is infinity or 0, as it is at them.
  const { shifted, mantissa } = reduce(atLeast(atMost(x, 89), -104), steps);
  // No float is 2^128 or 2^-150, so the power is multiplied by in two halves.
  const half = steps.keep('half', op('i32x4.shr_s', shifted, i32Const(1)));
  const scaled = mul(mantissa, powerOfTwo(half));
  return mul(scaled, powerOfTwo(op('i32x4.sub', shifted, half)));
}

/**
 * exp(-x) + 1, of which logistic functions are made: in powers of 2, where rounding the exponent costs
 * digits only of large results and of small ones, which beside 1 do not count. A result that is
 * infinity from 2^127.5 on, not 2^128, makes a quotient 0 that would be below 2^-126.
 */
export function vectorExpOfMinusPlusOne(x: Vector, steps: VectorSteps): Vector {
  const exponent = atLeast(atMost(mul(x, splat(-Math.LOG2E)), 128), -126);
  const bounded = steps.keep('bounded', exponent);
  const shifted = steps.keep('shifted', shiftToInteger(bounded));
  const f = steps.keep('f', sub(bounded, shiftBack(shifted)));
  const square = steps.keep('square', mul(f, f));
  const mantissa = polynomial(coefficientsOfTwo, f, square);
  return add(mul(mantissa, powerOfTwo(shifted)), splat(1));
}

/** n, in the low bits of `shifted`, and exp(r). */
function reduce(
  x: Vector,
  steps: VectorSteps,
): { readonly shifted: Vector; readonly mantissa: Vector } {
  const bounded = steps.keep('bounded', x);
  const shifted = steps.keep('shifted', shiftToInteger(mul(bounded, splat(Math.LOG2E))));
  const n = steps.keep('n', shiftBack(shifted));
  const r = steps.keep('r', sub(sub(bounded, mul(n, splat(ln2High))), mul(n, splat(ln2Low))));
  const square = steps.keep('square', mul(r, r));
  const beyondOne = add(r, mul(square, polynomial(coefficients, r, square)));
  return { shifted, mantissa: add(beyondOne, splat(1)) };
}
