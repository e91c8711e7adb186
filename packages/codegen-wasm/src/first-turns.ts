/**
 * Warming up: engines compile a function for speed when it has run for a while, in another thread, and
 * use that from its next call on. So kernels are called before there is anything to compute, and their
 * optimised code is made while the weights are on their way. In such a call loops around others end after
 * one turn, so that every part of a kernel has its share of a fraction of a millisecond.
 */

import { isLiteral, type Kernel, type Stmt as KernelStmt } from '@whittle/kernel';
import { i32Const } from './assembler/constants.js';
import { type Func, func, global } from './assembler/definitions.js';
import type { Expr } from './assembler/expr.js';
import { globalGet, local, localGet, op } from './assembler/expressions.js';
import { brIf, globalSet, label, localSet, loop, type Stmt } from './assembler/statements.js';

/** 1 while programs run as a whole, 0 while they are to end after first turns. */
export const goesOn = global('goes on', i32Const(1), { mutable: true });

/** A call of a kernel, and the kernel. */
export interface KernelCall {
  readonly call: Stmt;
  readonly kernel: Kernel;
}

/** Calls each kernel until it is warm. What they write is nothing that a run or the setup reads. */
export function warmFunction(calls: readonly KernelCall[]): Func {
  const turn = local('i32', 'turn');
  const repeated = calls.flatMap(({ call, kernel }): Stmt[] => {
    const once = firstTurnsOf(kernel.body);
    if (once > mostAtOnce) return [];
    const times = Math.ceil(untilWarm / once);
    if (times === 1) return [call];
    const again = label(kernel.name);
    return [
      localSet(turn, i32Const(Math.min(times, mostCalls))),
      loop(again, [
        call,
        localSet(turn, op('i32.sub', localGet(turn), i32Const(1))),
        brIf(again, localGet(turn)),
      ]),
    ];
  });
  const body = [globalSet(goesOn, i32Const(0)), ...repeated, globalSet(goesOn, i32Const(1))];
  return func({ name: 'warm', locals: [turn], body });
}

/**
 * Statements after which a function is warm. V8 counts the bytes of machine code that it runs through and
 * takes a function for warm after 1.8 million, which are four or five to a statement.
 */
const untilWarm = 400_000;
const mostCalls = 400;
/** Beyond, a call would take milliseconds: such a kernel is warm after its first run anyway. */
const mostAtOnce = 10 * untilWarm;

/** The statements of one call: all turns of loops without loops inside, one of the others. */
function firstTurnsOf(stmts: readonly KernelStmt[]): number {
  return stmts.reduce((sum, stmt) => {
    if (stmt.kind === 'if') return sum + firstTurnsOf(stmt.then) + firstTurnsOf(stmt.otherwise);
    if (stmt.kind !== 'for') return sum + 1;
    const { start, end, step, body } = stmt;
    const isKnown = isLiteral(start) && isLiteral(end) && !body.some(({ kind }) => kind === 'for');
    const turns = isKnown ? (Number(end.value) - Number(start.value)) / step : 1;
    return sum + Math.max(turns, 0) * firstTurnsOf(body);
  }, 1);
}

/** A kernel's body, whose loops around others ask whether they are to go on. */
export function stoppable(body: readonly Stmt[]): readonly Stmt[] {
  return body.map((stmt) => {
    switch (stmt.kind) {
      case 'loop': {
        if (!stmt.body.some(hasLoop)) return stmt;
        return { ...stmt, body: stoppable(stmt.body).map((each) => askIn(each, stmt.label)) };
      }
      case 'block':
        return { ...stmt, body: stoppable(stmt.body) };
      case 'if':
        return { ...stmt, then: stoppable(stmt.then), otherwise: stoppable(stmt.otherwise) };
      default:
        return stmt;
    }
  });
}

function hasLoop(stmt: Stmt): boolean {
  if (stmt.kind === 'loop') return true;
  if (stmt.kind === 'block') return stmt.body.some(hasLoop);
  return stmt.kind === 'if' && [...stmt.then, ...stmt.otherwise].some(hasLoop);
}

function askIn(stmt: Stmt, again: { readonly label: string }): Stmt {
  if (stmt.kind !== 'br_if' || stmt.label !== again) return stmt;
  const condition: Expr<'i32'> = op('i32.and', stmt.condition as Expr<'i32'>, globalGet(goesOn));
  return { ...stmt, condition };
}
