/**
 * For engines that compile `max` to a branch: rectifies without one. The sign of a convolution's sum
 * is as good as random, so that every second branch on it would be mispredicted, which costs more
 * than the multiply-adds of a small kernel.
 *
 *     y[i] = max(s, 0.0);      →      let m = max(s, -1e300);
 *                                     y[i] = (m + abs(m)) * 0.5;
 *
 * Sums are carried in double precision, where this is exact: finite sums of float32 products never
 * reach 1e300, so that the first `max` always goes one way and only turns −∞ into a number. NaN stays.
 */

import { add, binary, isLiteral, literal, mul, unary, variable } from '../expr.js';
import type { Binary, Expr, Kernel, Stmt } from '../loop-ir.js';
import { mapOperands, mapStmt } from '../traverse.js';
import { freshNames } from './fresh-names.js';

/** Below every finite float32 and every sum of products of them, above −∞. */
const farBelow = -1e300;

export function branchlessRelu(kernel: Kernel): Kernel {
  const fresh = freshNames(kernel, 'm');
  const block = (stmts: readonly Stmt[]): readonly Stmt[] =>
    stmts.flatMap((stmt): Stmt[] => {
      const before: Stmt[] = [];
      const rectify = (expr: Expr): Expr => {
        const inner = mapOperands(expr, rectify);
        if (!isRelu(inner)) return inner;
        const name = fresh();
        const value = binary('max', inner.a, literal('float32', farBelow));
        before.push({ kind: 'let', name, value });
        const bounded = variable(name, 'float32');
        return mul(add(bounded, unary('abs', bounded)), literal('float32', 0.5));
      };
      const after = mapStmt(stmt, rectify, block);
      return [...before, after];
    });
  return { ...kernel, body: block(kernel.body) };
}

/** `max(x, 0)` of float32 values. */
function isRelu(expr: Expr): expr is Binary {
  return (
    expr.kind === 'binary' &&
    expr.op === 'max' &&
    expr.dtype === 'float32' &&
    isLiteral(expr.b) &&
    Object.is(expr.b.value, 0)
  );
}
