/** Statements of the loop IR as JavaScript. */

import type { TextWriter } from '@whittle/emit';
import {
  type Assign,
  type Expr,
  type For,
  type If,
  type Range,
  rangeOf,
  rangeOfLoop,
  type Stmt,
} from '@whittle/kernel';
import { bulkCall } from './bulk-loops.js';
import { type PrintContext, printExpr, printStored } from './print-expr.js';

/** Ranges of indices are added on the way, where they are declared. */
export interface WriteContext extends PrintContext {
  readonly ranges: Map<string, Range>;
  /** The call that a loop is written as; undefined for one that is written where it stands. */
  callOf(loop: For): string | undefined;
}

export function writeStmts(
  stmts: readonly Stmt[],
  writer: TextWriter,
  context: WriteContext,
): void {
  for (const stmt of stmts) writeStmt(stmt, writer, context);
}

function writeStmt(stmt: Stmt, writer: TextWriter, context: WriteContext): void {
  const print = (expr: Expr): string => printExpr(expr, context).text;
  switch (stmt.kind) {
    case 'for': {
      const call = context.callOf(stmt) ?? bulkCall(stmt, context);
      if (call === undefined) writeLoop(stmt, writer, context);
      else writer.line(`${call};`);
      return;
    }
    case 'let':
      if (stmt.value.dtype === 'index') {
        context.ranges.set(stmt.name, rangeOf(stmt.value, context.ranges));
      }
      writer.line(`const ${context.nameOf(stmt.name)} = ${print(stmt.value)};`);
      return;
    case 'local':
      writer.line(`let ${context.nameOf(stmt.name)} = ${print(stmt.init)};`);
      return;
    case 'assign':
      writeAssign(stmt, writer, context);
      return;
    case 'store': {
      const { heap, dtype } = context.heapOf(stmt.param);
      const value = printStored(printExpr(stmt.value, context), dtype, context.helper);
      writer.line(`${heap}[${print(stmt.index)}] = ${value.text};`);
      return;
    }
    case 'if':
      writeIf(stmt, writer, context);
      return;
  }
}

/** A loop where it stands. */
export function writeLoop(stmt: For, writer: TextWriter, context: WriteContext): void {
  const name = context.nameOf(stmt.name);
  const start = printExpr(stmt.start, context).text;
  const last = printExpr(stmt.end, context).text;
  // An end that is no constant is worked out once, before the loop can change what it depends on.
  const end = stmt.end.kind === 'literal' ? last : context.nameOf(endOf(stmt));
  const declarations = end === last ? `${name} = ${start}` : `${name} = ${start}, ${end} = ${last}`;
  const next = stmt.step === 1 ? `${name}++` : `${name} += ${stmt.step}`;
  context.ranges.set(stmt.name, rangeOfLoop(stmt, context.ranges));
  writer.block(`for (let ${declarations}; ${name} < ${end}; ${next})`, () =>
    writeStmts(stmt.body, writer, context),
  );
}

/** The name under which the context knows the identifier of a loop's end; no variable has it. */
export function endOf(loop: For): string {
  return `${loop.name} end`;
}

/** `sum += term` where that is what is assigned; only of floats, whose sums need no wrap. */
function writeAssign({ name, value }: Assign, writer: TextWriter, context: WriteContext): void {
  const target = context.nameOf(name);
  const isFloat = value.dtype === 'float32' || value.dtype === 'float64';
  if (isFloat && value.kind === 'binary' && value.op === 'add') {
    if (value.a.kind === 'variable' && value.a.name === name) {
      writer.line(`${target} += ${printExpr(value.b, context).text};`);
      return;
    }
  }
  writer.line(`${target} = ${printExpr(value, context).text};`);
}

function writeIf(
  { condition, then, otherwise }: If,
  writer: TextWriter,
  context: WriteContext,
): void {
  const test = printExpr(condition, context).text;
  writer.block(
    `if (${test})`,
    () => writeStmts(then, writer, context),
    otherwise.length === 0 ? '}' : '} else {',
  );
  if (otherwise.length === 0) return;
  writer.indented(() => writeStmts(otherwise, writer, context)).line('}');
}
