/** Statements as closures, over cells that hold the variables. */

import { CompilerError } from '@whittle/ir';
import type { Assign, For, If, ScalarType, Stmt, Store } from '../loop-ir.js';
import { compileBigint, compileNumber, type Scope } from './compile-expr.js';
import { halfFormats, outOfBounds } from './memory.js';

export type Execute = () => void;

/** A scope that names can be added to. */
export interface Declarations extends Scope {
  declare(name: string, dtype: ScalarType): void;
  isWide(name: string): boolean;
}

export function compileBlock(stmts: readonly Stmt[], scope: Declarations): Execute {
  const steps = stmts.map((stmt) => compileStmt(stmt, scope));
  const [first, second] = steps;
  if (first === undefined) return () => {};
  if (second === undefined) return first;
  return () => {
    for (const step of steps) step();
  };
}

function compileStmt(stmt: Stmt, scope: Declarations): Execute {
  switch (stmt.kind) {
    case 'for':
      return compileFor(stmt, scope);
    case 'let':
      scope.declare(stmt.name, stmt.value.dtype);
      return compileAssign({ kind: 'assign', name: stmt.name, value: stmt.value }, scope);
    case 'local':
      scope.declare(stmt.name, stmt.dtype);
      return compileAssign({ kind: 'assign', name: stmt.name, value: stmt.init }, scope);
    case 'assign':
      return compileAssign(stmt, scope);
    case 'store':
      return compileStore(stmt, scope);
    case 'if':
      return compileIf(stmt, scope);
  }
}

function compileFor(stmt: For, scope: Declarations): Execute {
  const start = compileNumber(stmt.start, scope);
  const end = compileNumber(stmt.end, scope);
  scope.declare(stmt.name, 'index');
  const cell = scope.numberCell(stmt.name);
  const body = compileBlock(stmt.body, scope);
  const { step } = stmt;
  return () => {
    const stop = end();
    for (let i = start(); i < stop; i += step) {
      cell.value = i;
      body();
    }
  };
}

function compileAssign({ name, value }: Assign, scope: Declarations): Execute {
  if (scope.isWide(name)) {
    const cell = scope.bigintCell(name);
    const evaluate = compileBigint(value, scope);
    return () => {
      cell.value = evaluate();
    };
  }
  const cell = scope.numberCell(name);
  if (cell.kind === 'float' && value.kind === 'binary' && value.op === 'add') {
    const { a, b } = value;
    if (a.kind === 'variable' && a.name === name) {
      const term = compileNumber(b, scope);
      return () => {
        cell.value += term();
      };
    }
  }
  const evaluate = compileNumber(value, scope);
  // Two closures, so that each meets one kind of cell.
  return cell.kind === 'integer'
    ? () => {
        cell.value = evaluate();
      }
    : () => {
        cell.value = evaluate();
      };
}

function compileStore({ param, index, value }: Store, scope: Declarations): Execute {
  const binding = scope.binding(param);
  const at = compileNumber(index, scope);
  if (binding.wide) {
    const evaluate = compileBigint(value, scope);
    return () => {
      const position = at();
      const place = binding.offset + position;
      if (!isPlace(place, binding.data)) throw outOfBounds('store', binding, position);
      binding.data[place] = evaluate();
    };
  }
  const evaluate = encoded(compileNumber(value, scope), binding.param.dtype);
  return () => {
    const position = at();
    const place = binding.offset + position;
    if (!isPlace(place, binding.data)) throw outOfBounds('store', binding, position);
    binding.data[place] = evaluate();
  };
}

function encoded(evaluate: () => number, dtype: string): () => number {
  if (dtype !== 'float16' && dtype !== 'bfloat16') return evaluate;
  const { encode } = halfFormats[dtype];
  return () => encode(evaluate());
}

function isPlace(place: number, data: { readonly length: number }): boolean {
  return Number.isInteger(place) && place >= 0 && place < data.length;
}

function compileIf({ condition, then, otherwise }: If, scope: Declarations): Execute {
  const test = compileNumber(condition, scope);
  const yes = compileBlock(then, scope);
  const no = compileBlock(otherwise, scope);
  return () => {
    if (test() !== 0) yes();
    else no();
  };
}

/** @throws {CompilerError} `E_INTERNAL`: a name that nothing has declared. */
export function undeclared(kernel: string, name: string): never {
  throw new CompilerError('E_INTERNAL', `Kernel "${kernel}": "${name}" is not declared.`);
}
