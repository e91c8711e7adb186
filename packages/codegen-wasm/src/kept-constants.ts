/**
 * Vectors that are constant, in locals. V8 makes one anew wherever it stands, in newer versions by four
 * instructions; as locals they are made once a call, and stay in registers or on the stack.
 */

import type { Constant } from './assembler/constants.js';
import type { Expr, Local } from './assembler/expr.js';
import { local, localGet } from './assembler/expressions.js';
import { localSet, type Stmt } from './assembler/statements.js';

interface KeptConstants {
  readonly locals: readonly Local<'v128'>[];
  /** It begins with what sets the locals. */
  readonly body: readonly Stmt[];
}

/** Those of the loops of a function's body. Zeros stay where they are, which cost nothing to make. */
export function keepConstants(body: readonly Stmt[]): KeptConstants {
  const kept = new Map<string, { readonly local: Local<'v128'>; readonly value: Constant }>();

  const keep = (value: Constant): Expr => {
    if (value.type !== 'v128' || value.bytes.every((byte) => byte === 0)) return value;
    const key = value.bytes.join();
    const known = kept.get(key) ?? { local: local('v128', 'constant'), value };
    kept.set(key, known);
    return localGet(known.local);
  };
  const inExpr = (expr: Expr): Expr => {
    if (expr.kind === 'const') return keep(expr);
    if ('operands' in expr) return { ...expr, operands: expr.operands.map(inExpr) } as Expr;
    return expr.kind === 'local.tee' ? { ...expr, value: inExpr(expr.value) } : expr;
  };
  const inLoop = (stmt: Stmt): Stmt => {
    switch (stmt.kind) {
      case 'loop':
      case 'block':
        return { ...stmt, body: stmt.body.map(inLoop) };
      case 'if':
        return {
          ...stmt,
          condition: inExpr(stmt.condition) as Expr<'i32'>,
          then: stmt.then.map(inLoop),
          otherwise: stmt.otherwise.map(inLoop),
        };
      case 'br_if':
        return { ...stmt, condition: inExpr(stmt.condition) as Expr<'i32'> };
      case 'local.set':
      case 'global.set':
      case 'drop':
        return { ...stmt, value: inExpr(stmt.value) } as Stmt;
      default:
        return 'operands' in stmt ? { ...stmt, operands: stmt.operands.map(inExpr) } : stmt;
    }
  };
  const findLoops = (stmt: Stmt): Stmt => {
    if (stmt.kind === 'loop') return inLoop(stmt);
    if (stmt.kind === 'block') return { ...stmt, body: stmt.body.map(findLoops) };
    if (stmt.kind !== 'if') return stmt;
    return { ...stmt, then: stmt.then.map(findLoops), otherwise: stmt.otherwise.map(findLoops) };
  };

  const changed = body.map(findLoops);
  const all = [...kept.values()];
  return {
    locals: all.map((each) => each.local),
    body: [...all.map((each) => localSet(each.local, each.value as Constant<'v128'>)), ...changed],
  };
}
