/** Puts expressions in the place of variables, in statements and all that is inside of them. */

import type { Expr, Stmt } from '../loop-ir.js';
import { mapOperands, mapStmt } from '../traverse.js';
import { affineOf, exprOfAffine } from './affine.js';

/** By name. Sums that hold a variable are written afresh, so that `0 * 4 + j` becomes `j`. */
export type Substitution = ReadonlyMap<string, Expr>;

export function substitute(stmts: readonly Stmt[], values: Substitution): readonly Stmt[] {
  return stmts.map((stmt) =>
    mapStmt(
      stmt,
      (expr) => substituteIn(expr, values),
      (inside) => substitute(inside, values),
    ),
  );
}

export function substituteIn(expr: Expr, values: Substitution): Expr {
  if (expr.kind === 'variable') return values.get(expr.name) ?? expr;
  const changed = mapOperands(expr, (operand) => substituteIn(operand, values));
  if (changed === expr || expr.dtype !== 'index') return changed;
  return exprOfAffine(affineOf(changed));
}
