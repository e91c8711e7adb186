/**
 * Warming up: engines compile a function for speed when it has run for a while, in another thread, and
 * use that from its next call on. So kernels are called before there is anything to compute, for one
 * turn of their outermost loops, which takes a fraction of a millisecond, and their optimised code is
 * made while the weights are on their way.
 */

import { i32Const } from './assembler/constants.js';
import { type Func, func, global } from './assembler/definitions.js';
import type { Expr } from './assembler/expr.js';
import { globalGet, op } from './assembler/expressions.js';
import { globalSet, type Stmt } from './assembler/statements.js';

/** 1 while programs run as a whole, 0 while they are to stop after first turns. */
export const goesOn = global('goes on', i32Const(1), { mutable: true });

/** Calls each kernel for first turns. What they write is nothing that a run or the setup reads. */
export function warmFunction(calls: readonly Stmt[]): Func {
  const body = [globalSet(goesOn, i32Const(0)), ...calls, globalSet(goesOn, i32Const(1))];
  return func({ name: 'warm', body });
}

/** The outermost loops of a kernel ask whether they are to go on. */
export function stoppable(body: readonly Stmt[]): readonly Stmt[] {
  return body.map((stmt) => {
    switch (stmt.kind) {
      case 'loop':
        return { ...stmt, body: stmt.body.map((each) => askIn(each, stmt.label)) };
      case 'block':
        return { ...stmt, body: stoppable(stmt.body) };
      case 'if':
        return { ...stmt, then: stoppable(stmt.then), otherwise: stoppable(stmt.otherwise) };
      default:
        return stmt;
    }
  });
}

function askIn(stmt: Stmt, label: { readonly label: string }): Stmt {
  if (stmt.kind !== 'br_if' || stmt.label !== label) return stmt;
  const condition: Expr<'i32'> = op('i32.and', stmt.condition as Expr<'i32'>, globalGet(goesOn));
  return { ...stmt, condition };
}
