/** How each scalar type of the loop IR is held in WebAssembly: as a value, and in memory. */

import type { Param, ScalarType } from '@whittle/kernel';
import type { LoadSignatures, StoreSignatures } from './assembler/opcodes.js';

export type ElementType = Param['dtype'];

/** The type of a local that holds a scalar. */
export type NumberType = 'i32' | 'i64' | 'f32' | 'f64';

/** Which ops a scalar takes; indices are integers. */
export type Family = 'float' | 'integer' | 'bool';

/**
 * Integers narrower than 32 bits are held sign- or zero-extended, bools as 0 and 1, and 16-bit floats
 * as the f32 of the same value.
 */
export interface Representation {
  readonly type: NumberType;
  readonly family: Family;
  /** Whether its ops are the `_s` or the `_u` ones, where there are two. */
  readonly sign: 's' | 'u';
}

const float32: Representation = { type: 'f32', family: 'float', sign: 's' };
const signed: Representation = { type: 'i32', family: 'integer', sign: 's' };
const unsigned: Representation = { type: 'i32', family: 'integer', sign: 'u' };

const representations: Readonly<Record<ScalarType, Representation>> = {
  float32,
  float64: { type: 'f64', family: 'float', sign: 's' },
  float16: float32,
  bfloat16: float32,
  int8: signed,
  int16: signed,
  int32: signed,
  int64: { type: 'i64', family: 'integer', sign: 's' },
  uint8: unsigned,
  uint16: unsigned,
  uint32: unsigned,
  uint64: { type: 'i64', family: 'integer', sign: 'u' },
  bool: { type: 'i32', family: 'bool', sign: 'u' },
  index: signed,
};

export function representationOf(dtype: ScalarType): Representation {
  return representations[dtype];
}

/** An element of a buffer: its size, and what moves it between memory and the stack. */
export interface Element {
  readonly bytes: number;
  readonly load: keyof LoadSignatures;
  readonly store: keyof StoreSignatures;
}

const elements: Readonly<Record<ElementType, Element>> = {
  float32: { bytes: 4, load: 'f32.load', store: 'f32.store' },
  float64: { bytes: 8, load: 'f64.load', store: 'f64.store' },
  float16: { bytes: 2, load: 'i32.load16_u', store: 'i32.store16' },
  bfloat16: { bytes: 2, load: 'i32.load16_u', store: 'i32.store16' },
  int8: { bytes: 1, load: 'i32.load8_s', store: 'i32.store8' },
  int16: { bytes: 2, load: 'i32.load16_s', store: 'i32.store16' },
  int32: { bytes: 4, load: 'i32.load', store: 'i32.store' },
  int64: { bytes: 8, load: 'i64.load', store: 'i64.store' },
  uint8: { bytes: 1, load: 'i32.load8_u', store: 'i32.store8' },
  uint16: { bytes: 2, load: 'i32.load16_u', store: 'i32.store16' },
  uint32: { bytes: 4, load: 'i32.load', store: 'i32.store' },
  uint64: { bytes: 8, load: 'i64.load', store: 'i64.store' },
  bool: { bytes: 1, load: 'i32.load8_u', store: 'i32.store8' },
};

export function elementOf(dtype: ElementType): Element {
  return elements[dtype];
}
