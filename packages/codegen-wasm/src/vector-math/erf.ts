/**
 * erf(x) = x * P(x^2) near 0, and 1 - Q(|x|)^8 farther out, where the power makes Q a polynomial of
 * few terms. Both are computed, and one is chosen. At most 2e-7 off, and up to 1 at
 * most 4 units in the last place.
 */

import {
  abs,
  atMost,
  choose,
  lessThan,
  mul,
  polynomial,
  splat,
  sub,
  withSignOf,
} from './vector-ops.js';
import type { Vector, VectorSteps } from './vector-steps.js';

/** Where far begins. */
const split = 1.05;

/** From here on the float nearest to the result is 1. */
const limit = 3.96;

/** Of erf(x) / x in x^2: minimax in relative error up to `split`, by reweighted least squares. */
const near = [
  -0.0005399476503953338, 0.0048619783483445644, -0.026665085926651955, 0.11278626322746277,
  -0.376121461391449, 1.1283791065216064,
] as const;

/**
 * Of (1 - erf(x))^(1/8) from `split` to `limit`, likewise; an error weighs as much as it has effect on
 * the result, and a little more, so that it stays small where the result is 1.
 */
const far = [
  0.00016393388796132058, -0.0026134427171200514, 0.013524267822504044, -0.012675879523158073,
  -0.059862926602363586, -0.14604294300079346, 1.0010873079299927,
] as const;

export function vectorErf(x: Vector, steps: VectorSteps): Vector {
  const size = steps.keep('size', atMost(abs(x), limit));
  const square = steps.keep('square', mul(size, size));
  const fourth = steps.keep('fourth', mul(square, square));
  const nearResult = mul(size, polynomial(near, square, fourth));
  let power = steps.keep('root', polynomial(far, size, square));
  for (const name of ['rootSquared', 'rootToFourth']) power = steps.keep(name, mul(power, power));
  const farResult = sub(splat(1), mul(power, power));
  // A NaN is far, and stays one.
  const magnitude = choose(nearResult, farResult, lessThan(size, splat(split)));
  return withSignOf(magnitude, x);
}
