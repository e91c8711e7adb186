/** Walking over expressions and statements, for passes and code generators. */

import type { Expr, Stmt } from './loop-ir.js';

/** The expressions that an expression is directly made of. */
export function operandsOf(expr: Expr): readonly Expr[] {
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

/** The same expression over `f` of its operands; the same object where nothing changes. */
export function mapOperands(expr: Expr, f: (operand: Expr) => Expr): Expr {
  switch (expr.kind) {
    case 'literal':
    case 'variable':
      return expr;
    case 'load': {
      const index = f(expr.index);
      return index === expr.index ? expr : { ...expr, index };
    }
    case 'unary':
    case 'cast': {
      const x = f(expr.x);
      return x === expr.x ? expr : { ...expr, x };
    }
    case 'binary': {
      const a = f(expr.a);
      const b = f(expr.b);
      return a === expr.a && b === expr.b ? expr : { ...expr, a, b };
    }
    case 'select': {
      const condition = f(expr.condition);
      const then = f(expr.then);
      const otherwise = f(expr.otherwise);
      const same =
        condition === expr.condition && then === expr.then && otherwise === expr.otherwise;
      return same ? expr : { ...expr, condition, then, otherwise };
    }
  }
}

/** The expressions that stand in a statement itself, not in the statements inside of it. */
export function exprsOf(stmt: Stmt): readonly Expr[] {
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

/** A statement over `f` of the expressions that stand in it, and `inner` of the blocks inside. */
export function mapStmt(
  stmt: Stmt,
  f: (expr: Expr) => Expr,
  inner: (stmts: readonly Stmt[]) => readonly Stmt[],
): Stmt {
  switch (stmt.kind) {
    case 'for':
      return { ...stmt, start: f(stmt.start), end: f(stmt.end), body: inner(stmt.body) };
    case 'let':
    case 'assign':
      return { ...stmt, value: f(stmt.value) };
    case 'local':
      return { ...stmt, init: f(stmt.init) };
    case 'store':
      return { ...stmt, index: f(stmt.index), value: f(stmt.value) };
    case 'if':
      return {
        ...stmt,
        condition: f(stmt.condition),
        then: inner(stmt.then),
        otherwise: inner(stmt.otherwise),
      };
  }
}

/** All statements, each before those inside of it. */
export function* statementsIn(stmts: readonly Stmt[]): Generator<Stmt> {
  for (const stmt of stmts) {
    yield stmt;
    if (stmt.kind === 'for') yield* statementsIn(stmt.body);
    if (stmt.kind === 'if') {
      yield* statementsIn(stmt.then);
      yield* statementsIn(stmt.otherwise);
    }
  }
}

/** The lets and locals that statements declare, those inside of loops and branches among them. */
export function declaredIn(stmts: readonly Stmt[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const stmt of statementsIn(stmts)) {
    if (stmt.kind === 'let' || stmt.kind === 'local') names.add(stmt.name);
  }
  return names;
}

/** An expression and all that it is made of, outermost first. */
export function* expressionsIn(expr: Expr): Generator<Expr> {
  yield expr;
  for (const operand of operandsOf(expr)) yield* expressionsIn(operand);
}

/** Two expressions of one key are the same expression. */
export function keyOf(expr: Expr): string {
  switch (expr.kind) {
    case 'literal': {
      const value = Object.is(expr.value, -0) ? '-0' : String(expr.value);
      return `${value}:${expr.dtype}`;
    }
    case 'variable':
      return expr.name;
    case 'load':
      return `${expr.param}[${keyOf(expr.index)}]`;
    case 'unary':
      return `${expr.op}(${keyOf(expr.x)})`;
    case 'cast':
      return `${expr.dtype}(${keyOf(expr.x)})`;
    case 'binary':
      return `${expr.op}(${keyOf(expr.a)},${keyOf(expr.b)})`;
    case 'select':
      return `select(${keyOf(expr.condition)},${keyOf(expr.then)},${keyOf(expr.otherwise)})`;
  }
}
