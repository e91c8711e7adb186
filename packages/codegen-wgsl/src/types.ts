/** How scalars of the loop IR are held in WGSL, and how elements of each dtype lie in a storage buffer. */

import { CompilerError, type Param, type ScalarType, type WordType } from '@whittle/kernel';
import type { Slot } from './shader-params.js';

/** Indices and signed integers of any width are `i32`, unsigned ones `u32`, floats `f32`. */
export type WgslType = 'f32' | 'i32' | 'u32' | 'bool';

const types: Readonly<Record<Exclude<ScalarType, 'float64'>, WgslType>> = {
  float32: 'f32',
  float16: 'f32',
  bfloat16: 'f32',
  int8: 'i32',
  int16: 'i32',
  int32: 'i32',
  int64: 'i32',
  uint8: 'u32',
  uint16: 'u32',
  uint32: 'u32',
  uint64: 'u32',
  bool: 'bool',
  index: 'i32',
};

/** @throws {CompilerError} `E_INTERNAL` for float64, which WGSL does not have. */
export function wgslTypeOf(dtype: ScalarType): WgslType {
  if (dtype === 'float64') throw new CompilerError('E_INTERNAL', 'WGSL has no float64.');
  return types[dtype];
}

/** The lanes of a vector, as they are taken out of it. */
export const laneNames = ['x', 'y', 'z', 'w'] as const;

export const laneCount = laneNames.length;

/** The type of a value, or of one in each lane. */
export function valueType(type: WgslType, lanes: boolean): string {
  return lanes ? `vec${laneCount}<${type}>` : type;
}

/** The dtypes of which each element is one word of a storage buffer. */
const words: ReadonlySet<Param['dtype']> = new Set(['float32', 'int32', 'uint32'] as const);

export function isWord(dtype: Param['dtype']): dtype is WordType {
  return words.has(dtype);
}

/** Whether a slot is an array of its elements, or of vectors of them; others are unpacked from words. */
export function isOfElements({ dtype, isNative = false }: Slot): boolean {
  return isNative || isWord(dtype);
}
