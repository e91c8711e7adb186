/**
 * Checks that a kernel keeps the rules of the loop IR: every name is declared once and before use,
 * operands have the types that their ops want, stores go to parameters that may be written, indices
 * are indices and conditions bools. Whether an access is in bounds is checked by running it.
 */

import { CompilerError, isFloat } from '@whittle/ir';
import type {
  Binary,
  Cast,
  Expr,
  Kernel,
  Literal,
  Param,
  ScalarType,
  Stmt,
  Unary,
} from './loop-ir.js';
import { printExpr } from './text/print-expr.js';
import { formatScalarType, infixes } from './text/vocabulary.js';
import { operandsOf } from './traverse.js';

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
  verifyBlock(kernel.body, scope);
}

interface Scope {
  readonly params: ReadonlyMap<string, Param>;
  /** What may be used here, by name. */
  readonly visible: ReadonlyMap<string, Declared>;
  claim(name: string): void;
  fail(message: string): never;
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

function verifyFor(loop: Extract<Stmt, { kind: 'for' }>, scope: Scope): void {
  expectType(loop.start, 'index', `the start of "${loop.name}"`, scope);
  expectType(loop.end, 'index', `the end of "${loop.name}"`, scope);
  if (!Number.isInteger(loop.step) || loop.step < 1) {
    scope.fail(`the step of "${loop.name}" is ${loop.step}`);
  }
  scope.claim(loop.name);
  const visible = new Map(scope.visible).set(loop.name, { dtype: 'index', mutable: false });
  verifyBlock(loop.body, { ...scope, visible });
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
  if (expr.dtype !== dtype) scope.fail(`${what} is ${show(expr)}, not ${dtype}`);
}

function verifyExpr(expr: Expr, scope: Scope): void {
  for (const operand of operandsOf(expr)) verifyExpr(operand, scope);
  const expected = typeOf(expr, scope);
  if (expected !== expr.dtype) scope.fail(`${show(expr)} should be ${expected}`);
}

/** The type that an expression has by its operands. */
function typeOf(expr: Expr, scope: Scope): ScalarType {
  switch (expr.kind) {
    case 'literal':
      return verifyLiteral(expr, scope);
    case 'variable':
      return (
        scope.visible.get(expr.name)?.dtype ?? scope.fail(`"${expr.name}" is not declared here`)
      );
    case 'load': {
      const param = scope.params.get(expr.param);
      if (param === undefined) return scope.fail(`"${expr.param}" is loaded but is no parameter`);
      if (expr.index.dtype !== 'index') scope.fail(`the index of ${show(expr)} is no index`);
      return arrivesAs(param.dtype);
    }
    case 'unary':
      return typeOfUnary(expr, scope);
    case 'binary':
      return typeOfBinary(expr, scope);
    case 'select':
      if (expr.condition.dtype !== 'bool') scope.fail(`the condition of ${show(expr)} is no bool`);
      if (expr.then.dtype !== expr.otherwise.dtype) scope.fail(`${show(expr)} has two types`);
      return expr.then.dtype;
    case 'cast':
      return (expr satisfies Cast).dtype;
  }
}

function typeOfUnary(expr: Unary, scope: Scope): ScalarType {
  const { op, x } = expr;
  const family = familyOf(x.dtype);
  if (op === 'isnan' && family === 'float') return 'bool';
  const fits =
    op === 'not'
      ? family === 'bool'
      : op === 'bitnot'
        ? family === 'integer'
        : op === 'neg' || op === 'abs' || op === 'sign'
          ? family !== 'bool'
          : family === 'float' && op !== 'isnan';
  return fits ? x.dtype : scope.fail(`${show(expr)}: there is no ${op} of ${x.dtype}`);
}

const comparisons: ReadonlySet<string> = new Set(['eq', 'ne', 'lt', 'le', 'gt', 'ge']);
const ofBools: ReadonlySet<string> = new Set(['and', 'or', 'xor']);
const ofIntegers: ReadonlySet<string> = new Set(['bitand', 'bitor', 'bitxor', 'shl', 'shr']);
const ofIntegersAndIndices: ReadonlySet<string> = new Set(['floordiv', 'floormod']);

function typeOfBinary(expr: Binary, scope: Scope): ScalarType {
  const { op, a, b } = expr;
  if (a.dtype !== b.dtype) scope.fail(`${show(expr)} mixes ${a.dtype} and ${b.dtype}`);
  const family = familyOf(a.dtype);
  const fits = ofBools.has(op)
    ? family === 'bool'
    : ofIntegers.has(op)
      ? family === 'integer'
      : ofIntegersAndIndices.has(op)
        ? family === 'integer' || family === 'index'
        : family !== 'bool' || op === 'eq' || op === 'ne';
  if (!fits || (op === 'pow' && family === 'index')) {
    scope.fail(`${show(expr)}: there is no ${infixes[op]?.sign ?? op} of ${a.dtype}`);
  }
  return comparisons.has(op) ? 'bool' : a.dtype;
}

function verifyLiteral(expr: Literal, scope: Scope): ScalarType {
  const { dtype, value } = expr;
  const wide = dtype === 'int64' || dtype === 'uint64';
  const integer = familyOf(dtype) !== 'float' && !wide;
  const fits =
    (typeof value === 'bigint') === wide &&
    (!integer || Number.isInteger(value)) &&
    (dtype !== 'bool' || value === 0 || value === 1);
  return fits ? dtype : scope.fail(`${value} is no literal of ${dtype}`);
}

function familyOf(dtype: ScalarType): 'float' | 'integer' | 'index' | 'bool' {
  if (dtype === 'index' || dtype === 'bool') return dtype;
  return isFloat(dtype) ? 'float' : 'integer';
}

function arrivesAs(dtype: Param['dtype']): ScalarType {
  return dtype === 'float16' || dtype === 'bfloat16' ? 'float32' : dtype;
}

function show(expr: Expr): string {
  const text = printExpr(expr);
  const short = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return `${short} (${formatScalarType(expr.dtype)})`;
}
