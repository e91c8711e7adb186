/**
 * The error function, for every target: the interpreter runs it, code generators spell it with the
 * same coefficients.
 *
 * For |x| <= 1, erf(x) = x·P(x²); beyond, erf(x) = ±(1 - exp(-x²)·Q(1 / (1 + |x|/2))). P and Q are
 * Chebyshev interpolants of degree 7, fitted to 40 digits: the relative error stays below 2e-9 in
 * double precision, so that float32 arithmetic is the only error a float32 target adds.
 */

export interface ErfCoefficients {
  /** P, highest power first. */
  readonly near: readonly number[];
  /** Q, highest power first. */
  readonly far: readonly number[];
}

export const erfCoefficients: ErfCoefficients = {
  near: [
    -9.667044571486996e-6, 0.00011265959025606609, -0.0008484080405535106, 0.005221031867807858,
    -0.026865430727670243, 0.11283782495236845, -0.3761263846802871, 1.1283791670615435,
  ],
  far: [
    0.10839819348967313, -0.4335865764553917, 0.5085158604614767, -0.05984437745625851,
    0.32706170302687476, 0.26551295534936736, 0.284014920591064, -9.565333183114346e-5,
  ],
};

export function erf(x: number): number {
  const size = Math.abs(x);
  if (size <= 1) return x * polynomial(erfCoefficients.near, x * x);
  const tail = Math.exp(-x * x) * polynomial(erfCoefficients.far, 1 / (1 + size / 2));
  const value = size > 6 ? 1 : 1 - tail;
  return x < 0 ? -value : x > 0 ? value : x;
}

/** By Horner's rule, `((c0·x + c1)·x + …)`: emitted code multiplies and adds in the same order. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}
