/**
 * Checks that a kernel keeps the rules of the loop IR: every name is declared once and before use,
 * operands have the types that their ops want, stores go to parameters that may be written, indices
 * are indices and conditions bools. Whether an access is in bounds is checked by running it.
 */

import { CompilerError } from '@whittle/ir';
import { isLiteral } from './expr.js';
import { laneTypesOf } from './lanes.js';
import type { Expr, For, Kernel, Param, ScalarType, Stmt } from './loop-ir.js';
import { statementsIn } from './traverse.js';
import { arrivesAs, type ExprScope, showTyped, verifyExpr } from './verify-expr.js';

/** @throws {CompilerError} `E_INTERNAL`, naming the kernel and the rule that it breaks. */
export function verifyKernel(kernel: Kernel): void {
  const names = new Set<string>();
  const params = new Map<string, Param>();
  const fail = (message: string): never => {
    throw new CompilerError('E_INTERNAL', `Kernel "${kernel.name}": ${message}.`);
  };
  const scope: Scope = {
    params,
    fail,
    visible: new Map(),
    claim: (name) => {
      if (names.has(name)) fail(`"${name}" is declared twice`);
      names.add(name);
    },
  };
  for (const param of kernel.params) {
    scope.claim(param.name);
    params.set(param.name, param);
    if (param.space === 'constants' && param.access === 'write') {
      fail(`the constant "${param.name}" is written`);
    }
  }
  for (const { name, dtype, length } of kernel.shared ?? []) {
    scope.claim(name);
    params.set(name, { name, dtype, space: 'arena', access: 'write' });
    if (!Number.isInteger(length) || length < 1) fail(`"${name}" has ${length} elements`);
  }
  verifyGrid(kernel.body, scope);
  verifyThreads(kernel.body, fail);
  verifyBlock(kernel.body, scope);
}

interface Scope extends ExprScope {
  readonly visible: ReadonlyMap<string, Declared>;
  claim(name: string): void;
}

interface Declared {
  readonly dtype: ScalarType;
  readonly mutable: boolean;
}

function verifyBlock(stmts: readonly Stmt[], outer: Scope): void {
  const visible = new Map(outer.visible);
  const scope = { ...outer, visible };
  const declare = (name: string, declared: Declared): void => {
    scope.claim(name);
    visible.set(name, declared);
  };
  for (const stmt of stmts) {
    switch (stmt.kind) {
      case 'for':
        verifyFor(stmt, scope);
        break;
      case 'let':
        verifyExpr(stmt.value, scope);
        declare(stmt.name, { dtype: stmt.value.dtype, mutable: false });
        break;
      case 'local':
        expectType(stmt.init, stmt.dtype, `the start of "${stmt.name}"`, scope);
        declare(stmt.name, { dtype: stmt.dtype, mutable: true });
        break;
      case 'assign': {
        const target = visible.get(stmt.name) ?? scope.fail(`"${stmt.name}" is not declared here`);
        if (!target.mutable) scope.fail(`"${stmt.name}" is assigned but is no local`);
        expectType(stmt.value, target.dtype, `the value of "${stmt.name}"`, scope);
        break;
      }
      case 'store':
        verifyStore(stmt, scope);
        break;
      case 'if':
        expectType(stmt.condition, 'bool', 'a condition', scope);
        verifyBlock(stmt.then, scope);
        verifyBlock(stmt.otherwise, scope);
        break;
    }
  }
}

function verifyFor(loop: For, scope: Scope): void {
  expectType(loop.start, 'index', `the start of "${loop.name}"`, scope);
  expectType(loop.end, 'index', `the end of "${loop.name}"`, scope);
  if (!Number.isInteger(loop.step) || loop.step < 1) {
    scope.fail(`the step of "${loop.name}" is ${loop.step}`);
  }
  if (loop.lanes !== undefined) verifyLanes(loop, loop.lanes, scope);
  scope.claim(loop.name);
  const visible = new Map(scope.visible).set(loop.name, { dtype: 'index', mutable: false });
  verifyBlock(loop.body, { ...scope, visible });
}

/** Loops of a grid stand above all others, each alone in the one around it. */
function verifyGrid(body: readonly Stmt[], { fail }: Scope): void {
  const outer = new Set<Stmt>();
  for (const nest of body) {
    let loop: Stmt | undefined = nest;
    while (loop?.kind === 'for' && loop.grid) {
      const { name, start, end, body: inside }: For = loop;
      if (!isLiteral(start) || !isLiteral(end)) fail(`the bounds of "${name}" are no constants`);
      outer.add(loop);
      loop = inside.length === 1 ? inside[0] : undefined;
    }
  }
  if (outer.size > 0 && !body.every((nest) => outer.has(nest))) {
    fail('something stands beside the loops of the grid');
  }
  for (const stmt of statementsIn(body)) {
    if (stmt.kind === 'for' && stmt.grid && !outer.has(stmt)) {
      fail(`"${stmt.name}" is of the grid, and does not stand above all others`);
    }
  }
}

/** Where threads share turns, all that stands beside and around is the same for all of them. */
function verifyThreads(body: readonly Stmt[], fail: (message: string) => never): void {
  const hasThreads = (stmts: readonly Stmt[]): boolean =>
    [...statementsIn(stmts)].some((stmt) => stmt.kind === 'for' && stmt.threads);
  const beside = (stmts: readonly Stmt[]): void => {
    if (!hasThreads(stmts)) return;
    for (const stmt of stmts) {
      if (stmt.kind === 'let') continue;
      if (stmt.kind !== 'for') fail(`a ${stmt.kind} stands beside loops over threads`);
      else if (!stmt.threads) {
        if (!hasThreads(stmt.body)) fail(`"${stmt.name}" stands beside loops over threads`);
        beside(stmt.body);
      } else inside(stmt);
    }
  };
  const inside = (loop: For): void => {
    if (!isLiteral(loop.start) || !isLiteral(loop.end)) {
      fail(`the bounds of "${loop.name}" are no constants`);
    }
    const [inner, ...others] = loop.body;
    if (inner?.kind === 'for' && inner.threads && others.length === 0) inside(inner);
    else if (hasThreads(loop.body))
      fail(`"${loop.name}" is shared out, and holds more than a loop`);
  };
  for (const nest of body) {
    if (!hasThreads([nest])) continue;
    if (nest.kind !== 'for' || !nest.grid) fail('loops over threads stand outside of a grid');
    else beside([nest]);
  }
}

function verifyLanes(loop: For, lanes: number, scope: Scope): void {
  const { name, start, end } = loop;
  if (!Number.isInteger(lanes) || lanes < 2) scope.fail(`"${name}" has ${lanes} lanes`);
  const turns = isLiteral(start) && isLiteral(end) && Number(end.value) - Number(start.value);
  if (turns === false || turns % lanes !== 0) {
    scope.fail(`the turns of "${name}" are not known to be a multiple of ${lanes}`);
  }
  const types = laneTypesOf(loop, [...scope.params.values()], { halves: true, narrow: true });
  if (typeof types === 'string') scope.fail(`"${name}" cannot run in lanes: ${types}`);
}

function verifyStore(store: Extract<Stmt, { kind: 'store' }>, scope: Scope): void {
  const param =
    scope.params.get(store.param) ??
    scope.fail(`"${store.param}" is stored to but is no parameter`);
  if (param.access !== 'write') scope.fail(`"${store.param}" is stored to but is read only`);
  expectType(store.index, 'index', `the index of "${store.param}"`, scope);
  verifyExpr(store.value, scope);
  const { dtype } = store.value;
  if (dtype !== param.dtype && dtype !== arrivesAs(param.dtype)) {
    scope.fail(`${dtype} is stored to "${param.name}", which holds ${param.dtype}`);
  }
}

function expectType(expr: Expr, dtype: ScalarType, what: string, scope: Scope): void {
  verifyExpr(expr, scope);
  if (expr.dtype !== dtype) scope.fail(`${what} is ${showTyped(expr)}, not ${dtype}`);
}
