/** Reads types and the contents of tensors: `f32[2,batch]`, `[1, 2]`, `splat 0`, `base64"…"`. */

import { allBound } from '../dim.js';
import { dtypeFromShort, dtypes } from '../dtype.js';
import { CompilerError } from '../errors.js';
import type { TensorType } from '../graph.js';
import { seededTensor } from '../seeded.js';
import { elementCount, type Tensor } from '../tensor.js';
import { decodeBase64 } from './base64.js';
import type { Lexer } from './lexer.js';
import { readDims } from './parse-dim.js';
import { tensorOfElements } from './tensor-elements.js';

/** `f32[2,batch]`, or `?` for an unknown type. */
export function readType(lexer: Lexer): TensorType | undefined {
  if (lexer.take('symbol', '?')) return undefined;
  const { kind, text, offset } = lexer.peek();
  if (kind !== 'word') return lexer.expected('a type');
  const dtype = dtypeFromShort(text);
  if (dtype === undefined) return lexer.fail(`there is no dtype '${text}'`, offset);
  lexer.next();
  return { dtype, dims: readDims(lexer) };
}

export interface BoundType extends TensorType {
  readonly dims: readonly number[];
}

/** A type of bound dims, for a tensor. */
export function readTensorType(lexer: Lexer): BoundType {
  const { offset } = lexer.peek();
  const type = readType(lexer);
  if (type === undefined || !allBound(type.dims) || type.dims.some((dim) => dim < 0)) {
    return lexer.fail('the dims of a tensor must be numbers, 0 or more', offset);
  }
  const bytes = elementCount(type.dims) * dtypes[type.dtype].bytes;
  if (!(bytes <= maxBytes)) {
    throw new CompilerError('E_LIMIT_SIZE', `${lexer.position(offset)}: this tensor is too large.`);
  }
  return { dtype: type.dtype, dims: type.dims };
}

/** Keeps `splat`, a few characters, from asking for more memory than there is. */
const maxBytes = 2 ** 31;

/** The contents of a tensor of this type. */
export function readTensorData(lexer: Lexer, type: BoundType): Tensor {
  const { kind, text, offset } = lexer.peek();
  if (kind === 'symbol' && text === '[') {
    return type.dtype === 'string' ? readStrings(lexer, type) : readElements(lexer, type);
  }
  if (kind === 'symbol' && text === '<') {
    return lexer.fail('this tensor was elided when the graph was printed', offset);
  }
  if (type.dtype !== 'string') {
    if (lexer.take('word', 'base64')) return readBase64(lexer, type);
    if (lexer.take('word', 'splat')) return readSplat(lexer, type);
    if (lexer.take('word', 'seeded')) {
      return seededTensor(type.dtype, type.dims, Number(lexer.expect('int')));
    }
  }
  return lexer.expected('the contents of a tensor');
}

/** A number with its sign, `inf`, `nan`, `true` or `false`, as one text. */
export function readNumeral(lexer: Lexer): string {
  const sign = lexer.take('symbol', '-') ? '-' : '';
  const { kind } = lexer.peek();
  if (kind !== 'int' && kind !== 'float' && kind !== 'word') return lexer.expected('a number');
  return sign + lexer.next().text;
}

/** Comma-separated items in brackets. */
export function readList<T>(lexer: Lexer, readItem: (lexer: Lexer) => T): T[] {
  const items: T[] = [];
  lexer.expect('symbol', '[');
  if (lexer.take('symbol', ']')) return items;
  do items.push(readItem(lexer));
  while (lexer.take('symbol', ','));
  lexer.expect('symbol', ']');
  return items;
}

function readElements(lexer: Lexer, { dtype, dims }: BoundType): Tensor {
  const { offset } = lexer.peek();
  const texts = readList(lexer, readNumeral);
  checkCount(lexer, offset, texts.length, dims);
  const tensor = tensorOfElements(dtype, dims, texts);
  return tensor ?? lexer.fail(`this list holds what is no ${dtype}`, offset);
}

function readStrings(lexer: Lexer, { dtype, dims }: BoundType): Tensor {
  const { offset } = lexer.peek();
  const strings = readList(lexer, () => lexer.expect('string'));
  checkCount(lexer, offset, strings.length, dims);
  return { dtype, dims, bytes: new Uint8Array(0), strings };
}

function readBase64(lexer: Lexer, { dtype, dims }: BoundType): Tensor {
  const { offset } = lexer.peek();
  const bytes = decodeBase64(lexer.expect('string'));
  if (bytes === undefined) return lexer.fail('this is not well-formed base64', offset);
  const size = dtypes[dtype].bytes;
  checkCount(lexer, offset, bytes.length / size, dims);
  return { dtype, dims, bytes };
}

function readSplat(lexer: Lexer, { dtype, dims }: BoundType): Tensor {
  const { offset } = lexer.peek();
  const numeral = readNumeral(lexer);
  const element = tensorOfElements(dtype, [1], [numeral]);
  if (element === undefined) return lexer.fail(`'${numeral}' is no ${dtype}`, offset);
  const bytes = new Uint8Array(elementCount(dims) * element.bytes.length);
  for (let i = 0; i < bytes.length; i += element.bytes.length) bytes.set(element.bytes, i);
  return { dtype, dims, bytes };
}

function checkCount(lexer: Lexer, offset: number, count: number, dims: readonly number[]): void {
  const wanted = elementCount(dims);
  if (count !== wanted) lexer.fail(`expected ${wanted} elements, found ${count}`, offset);
}
