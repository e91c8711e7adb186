/**
 * tanh |x| = e / (e + 2) with e = exp(2|x|) - 1 = 2^n * (exp(2r) - 1) + (2^n - 1). No step loses the
 * digits of a small e, and none gives a quotient above 1. At most 3 units in the last place
 * off.
 */

import {
  abs,
  add,
  atMost,
  div,
  mul,
  polynomial,
  powerOfTwo,
  shiftBack,
  shiftToInteger,
  splat,
  sub,
  withSignOf,
} from './vector-ops.js';
import type { Vector, VectorSteps } from './vector-steps.js';

/**
 * Of exp(2r) - 1, minimax in relative error for |r| <= ln 2 / 4, by reweighted least squares in
 * doubles, 2r given.
 */
const coefficients = [
  0.0888480544090271, 0.2677326798439026, 0.6666752696037292, 1.333323359489441, 1.9999998807907104,
] as const;

/** From here on the float nearest to the result is 1. */
const limit = 9.1;

export function vectorTanh(x: Vector, steps: VectorSteps): Vector {
  const size = steps.keep('size', atMost(abs(x), limit));
  const shifted = steps.keep('shifted', shiftToInteger(mul(size, splat(2 * Math.LOG2E))));
  // One product is exact enough, as what it is off by shrinks with the slope of the result.
  const r = steps.keep('r', sub(size, mul(shiftBack(shifted), splat(Math.LN2 / 2))));
  const power = steps.keep('power', powerOfTwo(shifted));
  const square = steps.keep('square', mul(r, r));
  const growth = add(add(r, r), mul(square, polynomial(coefficients, r, square)));
  const e = steps.keep('e', add(mul(power, growth), sub(power, splat(1))));
  return withSignOf(div(e, add(e, splat(2))), x);
}
