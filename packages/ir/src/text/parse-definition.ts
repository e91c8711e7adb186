/** Reads where a value is defined: its name, its type, what is known of its elements. */

import type { Dim } from '../dim.js';
import type { TensorType, Value } from '../graph.js';
import type { Lexer } from './lexer.js';
import { readDims } from './parse-dim.js';
import { readTensorData, readTensorType, readType } from './parse-tensor.js';

export interface Definition {
  readonly value: Value;
  /** Whether a type was written; `?` is one, too. */
  readonly typed: boolean;
  readonly offset: number;
}

/** `%x: f32[2] elements [1, batch]`. */
export function readDefinition(lexer: Lexer): Definition {
  const { offset } = lexer.peek();
  const name = lexer.expect('value');
  const typed = lexer.take('symbol', ':');
  if (!typed) return { value: { name, type: undefined }, typed, offset };
  const type = readType(lexer);
  return { value: createValue(name, type, readElements(lexer)), typed, offset };
}

/** `%w: f32[2] = [1, 2]`. */
export function readConstantDefinition(lexer: Lexer): Value {
  const name = lexer.expect('value');
  lexer.expect('symbol', ':');
  const type = readTensorType(lexer);
  const elements = readElements(lexer);
  lexer.expect('symbol', '=');
  return { ...createValue(name, type, elements), constant: readTensorData(lexer, type) };
}

function readElements(lexer: Lexer): readonly Dim[] | undefined {
  return lexer.take('word', 'elements') ? readDims(lexer) : undefined;
}

function createValue(
  name: string,
  type: TensorType | undefined,
  elements: readonly Dim[] | undefined,
): Value {
  return elements === undefined ? { name, type } : { name, type, elements };
}
