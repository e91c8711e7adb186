/** Statements of the loop IR as WebAssembly. */

import { type Expr, type For, type Let, rangeOf, type Stmt } from '@whittle/kernel';
import type { Expr as WasmExpr } from './assembler/expr.js';
import { ifElse, localSet, store, type Stmt as WasmStmt } from './assembler/statements.js';
import type { KernelScope } from './kernel-scope.js';
import { asI32 } from './op-by-name.js';
import { encodeElement } from './spell-cast.js';
import { spellAddress, spellExpr } from './spell-expr.js';
import { lanesOf, spellLaneStmt } from './spell-lanes.js';
import { spellLoop } from './spell-loop.js';
import { elementOf } from './value-types.js';
import { laneCount } from './vector-constants.js';

export function spellStmts(stmts: readonly Stmt[], scope: KernelScope): readonly WasmStmt[] {
  return stmts.flatMap((stmt) => spellStmt(stmt, scope));
}

function spellStmt(stmt: Stmt, scope: KernelScope): readonly WasmStmt[] {
  const inLanes = spellLaneStmt(stmt, scope);
  if (inLanes !== undefined) return [...scope.pending.splice(0), ...inLanes];
  const spell = (expr: Expr): WasmExpr => spellExpr(expr, scope);
  switch (stmt.kind) {
    case 'for':
      return stmt.lanes === undefined
        ? spellLoop(stmt, stmt.step, scope, spellStmts)
        : spellLaneLoop(stmt, scope);
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

/** Each turn does what so many turns would do one after another. */
function spellLaneLoop(stmt: For, scope: KernelScope): readonly WasmStmt[] {
  scope.lanes = lanesOf(stmt, scope);
  const spelled = spellLoop(stmt, laneCount, scope, spellStmts);
  scope.lanes = undefined;
  return spelled;
}
