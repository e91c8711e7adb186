/** Walking statements and expressions: what is inside what. */

import type { Expr, Kernel, Param, Stmt } from './loop-ir.js';

export interface Visit {
  readonly stmt: Stmt;
  /** Every expression in the statement itself, parts of expressions included; not in its body. */
  readonly exprs: readonly Expr[];
}

/** All statements, outer before inner. */
export function* walk(stmts: readonly Stmt[]): Generator<Visit> {
  for (const stmt of stmts) {
    yield { stmt, exprs: exprsOf(stmt).flatMap(withParts) };
    for (const body of bodiesOf(stmt)) yield* walk(body);
  }
}

/** The parameters that a body reads or writes, in their order. */
export function usedParams({ params, body }: Pick<Kernel, 'params' | 'body'>): Param[] {
  const used = new Set<string>();
  for (const { stmt, exprs } of walk(body)) {
    if (stmt.kind === 'store') used.add(stmt.param);
    for (const expr of exprs) if (expr.kind === 'load') used.add(expr.param);
  }
  return params.filter((param) => used.has(param.name));
}

/** An expression and all that it is made of. */
export function withParts(expr: Expr): Expr[] {
  return [expr, ...childrenOf(expr).flatMap(withParts)];
}

/** The statements directly inside a statement. */
export function bodiesOf(stmt: Stmt): readonly (readonly Stmt[])[] {
  switch (stmt.kind) {
    case 'for':
      return [stmt.body];
    case 'if':
      return [stmt.then, stmt.otherwise];
    default:
      return [];
  }
}

/** The expressions directly inside a statement. */
export function exprsOf(stmt: Stmt): Expr[] {
  switch (stmt.kind) {
    case 'for':
      return [stmt.start, stmt.end];
    case 'let':
    case 'assign':
      return [stmt.value];
    case 'local':
      return [stmt.init];
    case 'store':
      return [stmt.index, stmt.value];
    case 'if':
      return [stmt.condition];
  }
}

/** The expressions directly inside an expression. */
export function childrenOf(expr: Expr): Expr[] {
  switch (expr.kind) {
    case 'literal':
    case 'variable':
      return [];
    case 'load':
      return [expr.index];
    case 'unary':
    case 'cast':
      return [expr.x];
    case 'binary':
      return [expr.a, expr.b];
    case 'select':
      return [expr.condition, expr.then, expr.otherwise];
  }
}
