/** Reads kernels from the text form that `printKernel` writes. */

import {
  type Kernel,
  memoriesOf,
  type Param,
  type ScalarType,
  type SharedArray,
  type Space,
  type Stmt,
  spaces,
} from '../loop-ir.js';
import { Lexer } from './lexer.js';
import { type Names, parseExpr } from './parse-expr.js';
import { elementTypeFrom, scalarTypeFrom } from './vocabulary.js';

/** @throws {CompilerError} `E_INVALID_TEXT` with the place, where the text is no kernel. */
export function parseKernel(text: string): Kernel {
  const lexer = new Lexer(text);
  const kernel = readKernel(lexer);
  return lexer.peek().kind === 'end' ? kernel : lexer.expected('the end of the text');
}

export function readKernel(lexer: Lexer): Kernel {
  lexer.expect('kernel');
  const name = lexer.expectName();
  lexer.expect('(');
  const params: Param[] = [];
  while (!lexer.take(')')) {
    if (params.length > 0) lexer.expect(',');
    params.push(readParam(lexer));
  }
  const shared: SharedArray[] = [];
  if (lexer.take('shared')) {
    do shared.push(readShared(lexer));
    while (lexer.take(','));
  }
  const memories = memoriesOf({ name, params, shared, body: [] });
  const paramTypes = new Map(memories.map((memory) => [memory.name, memory.dtype]));
  const types = new Map<string, ScalarType>();
  const scope: Scope = {
    param: (param) => paramTypes.get(param),
    variable: (variable) => types.get(variable),
    declare: (variable, dtype) => types.set(variable, dtype),
  };
  const body = readBlock(lexer, scope);
  return shared.length === 0 ? { name, params, body } : { name, params, shared, body };
}

interface Scope extends Names {
  declare(name: string, dtype: ScalarType): void;
}

function readParam(lexer: Lexer): Param {
  const name = lexer.expectName();
  lexer.expect(':');
  const dtype = elementTypeFrom(lexer.expectKind('word')) ?? lexer.expected('a type before this');
  const access = lexer.take('write') ? 'write' : 'read';
  if (access === 'read') lexer.expect('read');
  return { name, dtype, access, space: readSpace(lexer) };
}

function readShared(lexer: Lexer): SharedArray {
  const name = lexer.expectName();
  lexer.expect(':');
  const dtype = elementTypeFrom(lexer.expectKind('word')) ?? lexer.expected('a type before this');
  lexer.expect('[');
  const length = lexer.expectInteger();
  lexer.expect(']');
  return { name, dtype, length };
}

export function readSpace(lexer: Lexer): Space {
  return spaces.find((space) => lexer.take(space)) ?? lexer.expected(spaces.join(' or '));
}

function readBlock(lexer: Lexer, scope: Scope): readonly Stmt[] {
  lexer.expect('{');
  const stmts: Stmt[] = [];
  while (!lexer.take('}')) stmts.push(readStmt(lexer, scope));
  return stmts;
}

function readStmt(lexer: Lexer, scope: Scope): Stmt {
  if (lexer.take('for')) return readFor(lexer, scope);
  if (lexer.take('if')) {
    const condition = parseExpr(lexer, scope);
    const then = readBlock(lexer, scope);
    const otherwise = lexer.take('else') ? readBlock(lexer, scope) : [];
    return { kind: 'if', condition, then, otherwise };
  }
  const stmt = readSimple(lexer, scope);
  lexer.expect(';');
  return stmt;
}

function readFor(lexer: Lexer, scope: Scope): Stmt {
  const name = lexer.expectName();
  lexer.expect('in');
  const start = parseExpr(lexer, scope);
  lexer.expect('..');
  const end = parseExpr(lexer, scope);
  const step = lexer.take('step') ? lexer.expectInteger() : 1;
  const lanes = lexer.take('lanes') ? { lanes: lexer.expectInteger() } : {};
  const grid = lexer.take('grid') ? { grid: true as const } : {};
  const threads = lexer.take('threads') ? { threads: true as const } : {};
  scope.declare(name, 'index');
  const marks = { ...lanes, ...grid, ...threads };
  return { kind: 'for', name, start, end, step, ...marks, body: readBlock(lexer, scope) };
}

function readSimple(lexer: Lexer, scope: Scope): Stmt {
  if (lexer.take('let')) {
    const name = lexer.expectName();
    lexer.expect('=');
    const value = parseExpr(lexer, scope);
    scope.declare(name, value.dtype);
    return { kind: 'let', name, value };
  }
  if (lexer.take('local')) {
    const name = lexer.expectName();
    lexer.expect(':');
    const dtype = scalarTypeFrom(lexer.expectKind('word')) ?? lexer.expected('a type before this');
    lexer.expect('=');
    const init = parseExpr(lexer, scope);
    scope.declare(name, dtype);
    return { kind: 'local', name, dtype, init };
  }
  const name = lexer.expectName();
  if (lexer.take('=')) return { kind: 'assign', name, value: parseExpr(lexer, scope) };
  lexer.expect('[');
  const index = parseExpr(lexer, scope);
  lexer.expect(']');
  lexer.expect('=');
  return { kind: 'store', param: name, index, value: parseExpr(lexer, scope) };
}
