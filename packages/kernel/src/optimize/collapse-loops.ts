/**
 * Makes one loop of two that are perfectly nested and walk over memory as one.
 *
 *     for i in 0..8 {                    for j in 0..128 {
 *       for j in 0..16 {           →       y[j * 3] = x[j];
 *         y[i * 48 + j * 3] =            }
 *           x[i * 16 + j];
 *       }
 *     }
 *
 * Legal where the variables occur in sums only, and each sum holds them as (i·16 + j)·c. A loop that
 * neither variable's sum uses collapses too.
 */

import { index } from '../expr.js';
import type { Expr, For, Kernel, Stmt } from '../loop-ir.js';
import { exprsOf, mapStmt, operandsOf, statementsIn } from '../traverse.js';
import { affineOf } from './affine.js';
import { substitute } from './substitute.js';

export function collapseLoops(kernel: Kernel): Kernel {
  return { ...kernel, body: collapseBlock(kernel.body) };
}

function collapseBlock(stmts: readonly Stmt[]): readonly Stmt[] {
  return stmts.map((stmt) => {
    const inside = mapStmt(stmt, (expr) => expr, collapseBlock);
    return inside.kind === 'for' ? (collapsePair(inside) ?? inside) : inside;
  });
}

/** The one loop for an outer loop and the only statement in it, or undefined. */
function collapsePair(outer: For): For | undefined {
  const [inner, ...others] = outer.body;
  if (inner?.kind !== 'for' || others.length > 0 || outer.step !== 1) return undefined;
  if (outer.lanes !== undefined || inner.lanes !== undefined) return undefined;
  const turns = extentFromZero(outer);
  const extent = extentFromZero(inner);
  if (turns === undefined || extent === undefined || extent % inner.step !== 0) return undefined;
  const walksAsOne = [...statementsIn(inner.body)]
    .flatMap(exprsOf)
    .every((expr) => usesAsOne(expr, outer.name, inner.name, extent));
  if (!walksAsOne) return undefined;
  // The one variable counts on where the inner one began again, so the outer one has no share left.
  return {
    ...inner,
    end: index(turns * extent),
    body: substitute(inner.body, new Map([[outer.name, index(0)]])),
  };
}

/** Whether the two variables occur only as `(outer * extent + inner) * anything`. */
function usesAsOne(expr: Expr, outer: string, inner: string, extent: number): boolean {
  const inside = (operand: Expr): boolean => usesAsOne(operand, outer, inner, extent);
  if (expr.dtype !== 'index') return operandsOf(expr).every(inside);
  const { terms } = affineOf(expr);
  const share = (name: string): number => terms.get(name)?.coefficient ?? 0;
  if (share(outer) !== share(inner) * extent) return false;
  return [...terms.values()].every(({ atom }) => operandsOf(atom).every(inside));
}

function extentFromZero({ start, end }: For): number | undefined {
  const literal = start.kind === 'literal' && start.value === 0 && end.kind === 'literal';
  return literal ? Number(end.value) : undefined;
}
