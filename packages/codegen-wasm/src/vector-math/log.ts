/**
 * log(x) = e * ln 2 + log(m) with x = 2^e * m and m from sqrt(1/2) to sqrt(2). With s = f / (2 + f)
 * and f = m - 1, log(m) is 2 artanh(s), which has odd powers of s only; it is summed as
 * f - (h - s * (h + R)), h = f^2 / 2, since f is exact. At most 1 unit in the last place off,
 * for subnormal x too.
 */

import { i32Const } from '../assembler/constants.js';
import { op } from '../assembler/expressions.js';
import {
  add,
  and,
  choose,
  div,
  lessThan,
  mul,
  or,
  polynomial,
  splat,
  splatBits,
  sub,
} from './vector-ops.js';
import type { Vector, VectorSteps } from './vector-steps.js';

/**
 * R = 2 artanh(s) / s - 2 in s^2: minimax in the relative error of artanh(s) on the range of s, by
 * reweighted least squares in doubles, 0 given.
 */
const coefficients = [0.29876312613487244, 0.39977389574050903, 0.6666677594184875] as const;

/** ln 2 in two parts, the first so short that its product with e is exact. */
const ln2High = 0.693359375;
const ln2Low = Math.LN2 - ln2High;

/** The bits of sqrt(1/2): those of m are less than 2^23 above them. */
const leastBits = 0x3f3504f3;
const exponentMask = 0xff800000;

export function vectorLog(x: Vector, steps: VectorSteps): Vector {
  const isSubnormal = steps.keep('isSubnormal', lessThan(x, splat(2 ** -126)));
  const normal = steps.keep('normal', choose(mul(x, splat(2 ** 23)), x, isSubnormal));
  const above = steps.keep('above', op('i32x4.sub', normal, splatBits(leastBits)));
  const m = op('i32x4.sub', normal, and(above, splatBits(exponentMask)));
  const exponent = op('f32x4.convert_i32x4_s', op('i32x4.shr_s', above, i32Const(23)));
  const e = steps.keep('e', sub(exponent, and(isSubnormal, splat(23))));
  const f = steps.keep('f', sub(m, splat(1)));
  const s = steps.keep('s', div(f, add(f, splat(2))));
  const square = steps.keep('square', mul(s, s));
  const h = steps.keep('h', mul(mul(f, splat(0.5)), f));
  const fourth = mul(square, square);
  const series = mul(square, polynomial(coefficients, square, fourth));
  const correction = mul(s, add(h, series));
  const tail = sub(h, add(correction, mul(e, splat(ln2Low))));
  return atEdges(add(sub(f, tail), mul(e, splat(ln2High))), x);
}

/** What no exponent and no mantissa give: the results for infinity, zeros, negative x and NaN. */
function atEdges(result: Vector, x: Vector): Vector {
  const isInfinity = op('f32x4.eq', x, splat(Infinity));
  const isZero = op('f32x4.eq', x, splat(0));
  const isNoNumber = op('v128.not', op('f32x4.ge', x, splat(0)));
  const positive = choose(x, result, isInfinity);
  // All bits set are a NaN.
  return or(choose(splat(-Infinity), positive, isZero), isNoNumber);
}
