/** Weights of cubic convolution, as expressions. */

import { add, literal, mul, sub } from '../expr.js';
import type { Expr } from '../loop-ir.js';

/**
 * The weights of the four pixels around a place that is `t`, a name, behind the second of them, by the
 * cubic convolution of Keys with coefficient `a`.
 */
export function keysWeights(t: Expr, a: number): readonly Expr[] {
  const number = (value: number): Expr => literal(t.dtype, value);
  const polynomial = (x: Expr, ...coefficients: readonly number[]): Expr =>
    coefficients
      .slice(1)
      .reduce((sum, c) => add(mul(sum, x), number(c)), number(coefficients[0] ?? 0));
  const near = (x: Expr): Expr => polynomial(x, a + 2, -(a + 3), 0, 1);
  const far = (x: Expr): Expr => polynomial(x, a, -5 * a, 8 * a, -4 * a);
  const rest = sub(number(1), t);
  return [far(add(t, number(1))), near(t), near(rest), far(add(rest, number(1)))];
}
