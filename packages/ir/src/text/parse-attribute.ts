/** Reads attributes. Their kind shows in their spelling: `1` is an int, `1.0f` and `1.5` floats. */

import { dtypeFromShort } from '../dtype.js';
import type { Attribute } from '../graph.js';
import type { Lexer } from './lexer.js';
import { parseFloatAttribute } from './numerals.js';
import { readList, readNumeral, readTensorData, readTensorType } from './parse-tensor.js';

export function readAttribute(lexer: Lexer): Attribute {
  const { kind, text } = lexer.peek();
  if (kind === 'symbol' && text === '[') return readHomogeneousList(lexer);
  if (kind === 'word') {
    if (lexer.take('word', 'ints')) return { kind: 'ints', value: readList(lexer, readInt) };
    if (lexer.take('word', 'floats')) return { kind: 'floats', value: readList(lexer, readFloat) };
    if (lexer.take('word', 'strings')) {
      return { kind: 'strings', value: readList(lexer, readString) };
    }
    if (dtypeFromShort(text) !== undefined) {
      return { kind: 'tensor', value: readTensorData(lexer, readTensorType(lexer)) };
    }
  }
  return readScalar(lexer);
}

type Scalar = Extract<Attribute, { readonly kind: 'int' | 'float' | 'string' }>;

function readScalar(lexer: Lexer): Scalar {
  const { kind, offset } = lexer.peek();
  if (kind === 'string') return { kind: 'string', value: lexer.next().text };
  const numeral = readNumeral(lexer);
  if (/^-?\d+$/.test(numeral)) {
    const value = Number(numeral);
    if (!Number.isSafeInteger(value)) return lexer.fail('this integer is too large', offset);
    return { kind: 'int', value };
  }
  const value = parseFloatAttribute(numeral);
  if (Number.isNaN(value) && numeral !== 'nan') {
    return lexer.fail(`'${numeral}' is no attribute`, offset);
  }
  return { kind: 'float', value };
}

/** A list without a word before it has the kind of its items; an empty one is of ints. */
function readHomogeneousList(lexer: Lexer): Attribute {
  const { offset } = lexer.peek();
  const items = readList(lexer, readScalar);
  const ints: number[] = [];
  const floats: number[] = [];
  const strings: string[] = [];
  for (const item of items) {
    if (item.kind === 'int') ints.push(item.value);
    else if (item.kind === 'float') floats.push(item.value);
    else strings.push(item.value);
  }
  if (ints.length === items.length) return { kind: 'ints', value: ints };
  if (floats.length === items.length) return { kind: 'floats', value: floats };
  if (strings.length === items.length) return { kind: 'strings', value: strings };
  return lexer.fail('this list mixes kinds; write floats as 1.0', offset);
}

function readInt(lexer: Lexer): number {
  const { offset } = lexer.peek();
  const scalar = readScalar(lexer);
  return scalar.kind === 'int' ? scalar.value : lexer.fail('expected an int', offset);
}

function readFloat(lexer: Lexer): number {
  const { offset } = lexer.peek();
  const scalar = readScalar(lexer);
  return scalar.kind === 'float' ? scalar.value : lexer.fail('expected a float', offset);
}

function readString(lexer: Lexer): string {
  return lexer.expect('string');
}
