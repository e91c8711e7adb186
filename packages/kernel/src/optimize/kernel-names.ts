/** Copies of statements, whose names have to be other ones: a kernel declares each name once. */

import { variable } from '../expr.js';
import type { Expr, Kernel, Stmt } from '../loop-ir.js';
import { mapOperands, mapStmt, statementsIn } from '../traverse.js';
import { takenNames } from './fresh-names.js';

export interface Names {
  /** `stem`, or `stem` with the next free number. */
  fresh(stem: string): string;
  /** The statement under new names for all that it declares. */
  copyOf(stmt: Stmt): Stmt;
}

export function namesFor(kernel: Kernel): Names {
  const taken = takenNames(kernel);
  const fresh = (stem: string): string => {
    let name = stem;
    for (let next = 1; taken.has(name); next++) name = `${stem}_${next}`;
    taken.add(name);
    return name;
  };
  return {
    fresh,
    copyOf: (stmt) => {
      const names = new Map<string, string>();
      for (const inside of statementsIn([stmt])) {
        if (inside.kind === 'for' || inside.kind === 'let' || inside.kind === 'local') {
          names.set(inside.name, fresh(inside.name));
        }
      }
      return withNames(stmt, names);
    },
  };
}

function withNames(stmt: Stmt, names: ReadonlyMap<string, string>): Stmt {
  const inExpr = (expr: Expr): Expr =>
    expr.kind === 'variable'
      ? variable(names.get(expr.name) ?? expr.name, expr.dtype)
      : mapOperands(expr, inExpr);
  const copy = mapStmt(stmt, inExpr, (inside) => inside.map((each) => withNames(each, names)));
  return 'name' in copy ? { ...copy, name: names.get(copy.name) ?? copy.name } : copy;
}
