/** Reads expressions of the text form, by precedence climbing. */

import { isFloat, isInt64 } from '@whittle/ir';
import { binary, literal, load, unary, variable } from '../expr.js';
import {
  type BinaryOp,
  binaryOps,
  type Expr,
  type ScalarType,
  type UnaryOp,
  unaryOps,
} from '../loop-ir.js';
import type { Lexer } from './lexer.js';
import { elementTypeFrom, infixes, scalarTypeFrom, specialFloat } from './vocabulary.js';

/** The types of what is declared; a name that is not may not be used. */
export interface Names {
  variable(name: string): ScalarType | undefined;
  param(name: string): Parameters<typeof load>[1] | undefined;
}

const bySign: ReadonlyMap<string, { readonly op: BinaryOp; readonly level: number }> = new Map(
  binaryOps.flatMap((op) => {
    const infix = infixes[op];
    return infix === undefined ? [] : [[infix.sign, { op, level: infix.level }] as const];
  }),
);

const unaryByName: ReadonlyMap<string, UnaryOp> = new Map(unaryOps.map((op) => [op, op]));
const binaryByName: ReadonlyMap<string, BinaryOp> = new Map(
  binaryOps.flatMap((op) => (infixes[op] === undefined ? [[op, op] as const] : [])),
);

export function parseExpr(lexer: Lexer, names: Names, level = 1): Expr {
  let left = parseOperand(lexer, names);
  for (;;) {
    const { kind, text } = lexer.peek();
    const infix = kind === 'word' || kind === 'symbol' ? bySign.get(text) : undefined;
    if (infix === undefined || infix.level < level) return left;
    lexer.next();
    left = binary(infix.op, left, parseExpr(lexer, names, infix.level + 1));
  }
}

function parseOperand(lexer: Lexer, names: Names): Expr {
  if (lexer.take('(')) {
    const inner = parseExpr(lexer, names);
    lexer.expect(')');
    return inner;
  }
  const negative = lexer.take('-');
  const { kind, text } = lexer.peek();
  if (kind === 'number') return parseNumber(lexer, negative);
  const special = kind === 'word' ? specialFloat.exec(text) : null;
  if (special !== null) return parseSpecial(lexer, special, negative);
  if (negative) return lexer.expected('a number');
  if (lexer.take('true')) return literal('bool', 1);
  if (lexer.take('false')) return literal('bool', 0);
  const { offset } = lexer.peek();
  const name = lexer.expectName();
  if (lexer.take('(')) return parseCall(lexer, names, name, offset);
  if (lexer.take('[')) {
    const dtype = names.param(name) ?? lexer.fail(`"${name}" is no parameter`, offset);
    const at = parseExpr(lexer, names);
    lexer.expect(']');
    return load(name, dtype, at);
  }
  const dtype = names.variable(name) ?? lexer.fail(`"${name}" is not declared`, offset);
  return variable(name, dtype);
}

function parseCall(lexer: Lexer, names: Names, name: string, offset: number): Expr {
  const args = [parseExpr(lexer, names)];
  while (lexer.take(',')) args.push(parseExpr(lexer, names));
  lexer.expect(')');
  const [a, b, c] = args;
  if (a !== undefined && args.length === 1) {
    const op = unaryByName.get(name);
    if (op !== undefined) return unary(op, a);
    const dtype = scalarTypeFrom(name);
    if (dtype !== undefined) return { kind: 'cast', dtype, x: a };
  }
  if (a !== undefined && b !== undefined && args.length === 2) {
    const op = binaryByName.get(name);
    if (op !== undefined) return binary(op, a, b);
  }
  if (a !== undefined && b !== undefined && c !== undefined && args.length === 3) {
    if (name === 'select') {
      return { kind: 'select', dtype: b.dtype, condition: a, then: b, otherwise: c };
    }
  }
  return lexer.fail(`there is no ${name} of ${args.length} operands`, offset);
}

function parseNumber(lexer: Lexer, negative: boolean): Expr {
  const { offset } = lexer.peek();
  const text = lexer.expectKind('number');
  const suffix = /(?:bf16|[fiu]\d+)$/.exec(text)?.[0] ?? '';
  const digits = text.slice(0, text.length - suffix.length);
  const plain: ScalarType = /[.e]/.test(digits) ? 'float32' : 'index';
  const dtype = suffix === '' ? plain : elementTypeFrom(suffix);
  if (dtype === undefined) return lexer.fail(`there is no type ${suffix}`, offset);
  if (dtype !== 'index' && isInt64(dtype)) {
    if (!/^\d+$/.test(digits)) return lexer.fail('an integer has no point', offset);
    return literal(dtype, negative ? -BigInt(digits) : BigInt(digits));
  }
  const value = Number(digits);
  const integer = dtype === 'index' || !isFloat(dtype);
  if (integer && !Number.isSafeInteger(value)) return lexer.fail('not an integer', offset);
  // There is no negative zero among the integers.
  return literal(dtype, negative && !(integer && value === 0) ? -value : value);
}

function parseSpecial(lexer: Lexer, match: RegExpExecArray, negative: boolean): Expr {
  const { offset } = lexer.next();
  const [, word, suffix] = match;
  const dtype = suffix === undefined ? 'float32' : elementTypeFrom(suffix);
  if (dtype === undefined || !isFloat(dtype)) {
    return lexer.fail(`there is no ${word} of this type`, offset);
  }
  return literal(dtype, word === 'nan' ? Number.NaN : negative ? -Infinity : Infinity);
}
