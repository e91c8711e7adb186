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
import { mapOperands, mapStmt } from '../traverse.js';
import { type Affine, affineOf, exprOfAffine } from './affine.js';

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
  const turns = extentFromZero(outer);
  const extent = extentFromZero(inner);
  if (turns === undefined || extent === undefined || extent % inner.step !== 0) return undefined;
  const pair: Pair = { outer: outer.name, inner: inner.name, extent };
  try {
    const body = rewriteBlock(inner.body, pair);
    return { ...inner, end: index(turns * extent), body };
  } catch (error) {
    if (error === notCollapsible) return undefined;
    throw error;
  }
}

interface Pair {
  readonly outer: string;
  readonly inner: string;
  readonly extent: number;
}

const notCollapsible = Symbol('not collapsible');

function rewriteBlock(stmts: readonly Stmt[], pair: Pair): readonly Stmt[] {
  return stmts.map((stmt) =>
    mapStmt(
      stmt,
      (expr) => rewriteExpr(expr, pair),
      (inside) => rewriteBlock(inside, pair),
    ),
  );
}

/** The expression over the one variable. @throws the symbol `notCollapsible`. */
function rewriteExpr(expr: Expr, pair: Pair): Expr {
  if (expr.dtype !== 'index') return mapOperands(expr, (operand) => rewriteExpr(operand, pair));
  const sum = affineOf(expr);
  const outer = sum.terms.get(pair.outer)?.coefficient ?? 0;
  const inner = sum.terms.get(pair.inner)?.coefficient ?? 0;
  if (outer !== inner * pair.extent) throw notCollapsible;
  const terms: Affine['terms'] = new Map(
    [...sum.terms]
      .filter(([key]) => key !== pair.outer)
      .map(([key, { atom, coefficient }]) => [
        key,
        { atom: mapOperands(atom, (operand) => rewriteExpr(operand, pair)), coefficient },
      ]),
  );
  return exprOfAffine({ ...sum, terms });
}

function extentFromZero({ start, end }: For): number | undefined {
  const literal = start.kind === 'literal' && start.value === 0 && end.kind === 'literal';
  return literal ? Number(end.value) : undefined;
}
