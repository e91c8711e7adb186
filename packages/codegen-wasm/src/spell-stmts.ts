/** Statements of the loop IR as WebAssembly. */

import { type Expr, type For, type Let, rangeOf, rangeOfLoop, type Stmt } from '@whittle/kernel';
import { i32Const } from './assembler/constants.js';
import type { Expr as WasmExpr } from './assembler/expr.js';
import { localGet, op } from './assembler/expressions.js';
import {
  brIf,
  ifElse,
  label,
  localSet,
  loop,
  store,
  type Stmt as WasmStmt,
} from './assembler/statements.js';
import type { KernelScope } from './kernel-scope.js';
import { asI32 } from './op-by-name.js';
import { encodeElement } from './spell-cast.js';
import { spellAddress, spellExpr } from './spell-expr.js';
import { elementOf } from './value-types.js';

export function spellStmts(stmts: readonly Stmt[], scope: KernelScope): readonly WasmStmt[] {
  return stmts.flatMap((stmt) => spellStmt(stmt, scope));
}

function spellStmt(stmt: Stmt, scope: KernelScope): readonly WasmStmt[] {
  const spell = (expr: Expr): WasmExpr => spellExpr(expr, scope);
  switch (stmt.kind) {
    case 'for':
      return spellLoop(stmt, scope);
    case 'let':
      return [spellLet(stmt, scope)];
    case 'local': {
      const init = spell(stmt.init);
      return [localSet(scope.declare(stmt.name, stmt.dtype), init)];
    }
    case 'assign':
      return [localSet(scope.variable(stmt.name), spell(stmt.value))];
    case 'store': {
      const dtype = scope.dtypeOf(stmt.param);
      const value = encodeElement(spell(stmt.value), dtype, scope.functions);
      const { base, memory } = spellAddress(stmt.index, scope);
      return [store(elementOf(dtype).store, base, value, memory)];
    }
    case 'if': {
      const condition = asI32(spell(stmt.condition));
      const then = spellStmts(stmt.then, scope);
      return [ifElse(condition, then, spellStmts(stmt.otherwise, scope))];
    }
  }
}

function spellLet({ name, value }: Let, scope: KernelScope): WasmStmt {
  const spelled = spellExpr(value, scope);
  if (value.dtype === 'index') scope.ranges.set(name, rangeOf(value, scope.ranges));
  return localSet(scope.declare(name, value.dtype), spelled);
}

/** The condition stands at the end; one before the loop is left out where it surely holds. */
function spellLoop(stmt: For, scope: KernelScope): readonly WasmStmt[] {
  const { name, start, end, step } = stmt;
  const turns = rangeOf(start, scope.ranges).max < rangeOf(end, scope.ranges).min;
  const first = spellExpr(start, scope);
  const last = spellEnd(stmt, scope);
  scope.ranges.set(name, rangeOfLoop(stmt, scope.ranges));
  const counter = scope.declare(name, 'index');
  const position = asI32(localGet(counter));
  const goesOn = op('i32.lt_s', position, last.value);
  const again = label(name);
  const body = loop(again, [
    ...spellStmts(stmt.body, scope),
    localSet(counter, op('i32.add', position, i32Const(step))),
    brIf(again, goesOn),
  ]);
  return [...last.before, localSet(counter, first), turns ? body : ifElse(goesOn, [body])];
}

/** An end that is no constant is worked out once, before the loop can change what it depends on. */
function spellEnd(
  { name, end }: For,
  scope: KernelScope,
): { readonly before: readonly WasmStmt[]; readonly value: WasmExpr<'i32'> } {
  const value = asI32(spellExpr(end, scope));
  if (value.kind === 'const') return { before: [], value };
  const kept = scope.temporary('i32', `${name} end`);
  return { before: [localSet(kept, value)], value: localGet(kept) };
}
