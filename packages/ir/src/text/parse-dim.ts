/**
 * Reads dims: sums of products of integers, names, quoted names, `floordiv`, `mod`, `max`, `min`,
 * and for those who write by hand `//` and parentheses. The result is in normal form.
 */

import {
  addDims,
  type Dim,
  floorDivDims,
  maxDims,
  minDims,
  modDims,
  mulDims,
  namedDim,
  type OpaqueOp,
  subDims,
} from '../dim.js';
import { CompilerError } from '../errors.js';
import { Lexer } from './lexer.js';

/**
 * The dim that `formatDim` wrote, or one written by hand: `2*batch + 1`, `(H - 1) // 2`.
 * @throws {CompilerError} `E_INVALID_TEXT`
 */
export function parseDim(text: string): Dim {
  const lexer = new Lexer(text);
  const dim = readDim(lexer);
  if (lexer.peek().kind !== 'end') return lexer.expected('the end of the dim');
  return dim;
}

/** `[2, batch, H + 1]`. */
export function readDims(lexer: Lexer): Dim[] {
  const dims: Dim[] = [];
  lexer.expect('symbol', '[');
  if (lexer.take('symbol', ']')) return dims;
  do dims.push(readDim(lexer));
  while (lexer.take('symbol', ','));
  lexer.expect('symbol', ']');
  return dims;
}

/** Operands nest by recursion, which this keeps off the end of the stack. */
const maxDepth = 500;

function readDim(lexer: Lexer, depth = 0): Dim {
  if (depth > maxDepth) {
    throw new CompilerError('E_LIMIT_DEPTH', `A dim nests deeper than ${maxDepth} levels.`);
  }
  let sum = lexer.take('symbol', '-')
    ? subDims(0, readProduct(lexer, depth))
    : readProduct(lexer, depth);
  for (;;) {
    if (lexer.take('symbol', '+')) sum = addDims(sum, readProduct(lexer, depth));
    else if (lexer.take('symbol', '-')) sum = subDims(sum, readProduct(lexer, depth));
    else return sum;
  }
}

function readProduct(lexer: Lexer, depth: number): Dim {
  let product = readFactor(lexer, depth);
  for (;;) {
    if (lexer.take('symbol', '*')) product = mulDims(product, readFactor(lexer, depth));
    else if (lexer.take('symbol', '//')) product = floorDivDims(product, readFactor(lexer, depth));
    else return product;
  }
}

function readFactor(lexer: Lexer, depth: number): Dim {
  const { kind, text } = lexer.peek();
  if (kind === 'int') return Number(lexer.next().text);
  if (kind === 'string') return namedDim(lexer.next().text);
  if (kind === 'word') {
    lexer.next();
    return isFunction(text) ? readCall(lexer, text, depth) : namedDim(text);
  }
  if (!lexer.take('symbol', '(')) return lexer.expected('a dim');
  const dim = readDim(lexer, depth + 1);
  lexer.expect('symbol', ')');
  return dim;
}

function readCall(lexer: Lexer, op: OpaqueOp, depth: number): Dim {
  lexer.expect('symbol', '(');
  const left = readDim(lexer, depth + 1);
  lexer.expect('symbol', ',');
  const right = readDim(lexer, depth + 1);
  lexer.expect('symbol', ')');
  return functions[op](left, right);
}

const functions: Readonly<Record<OpaqueOp, (left: Dim, right: Dim) => Dim>> = {
  floordiv: floorDivDims,
  mod: modDims,
  max: maxDims,
  min: minDims,
};

function isFunction(word: string): word is OpaqueOp {
  return Object.hasOwn(functions, word);
}
