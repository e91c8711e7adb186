/** How each dtype lies in memory in JavaScript: the typed array over the memory of an instance. */

import type { Param, ScalarType } from '@whittle/kernel';

export type ElementType = Param['dtype'];

/** A typed array over the memory for each of the arrays that elements come in. */
const heaps: Readonly<Record<ElementType, string>> = {
  float32: 'f32',
  float64: 'f64',
  float16: 'u16',
  bfloat16: 'u16',
  int8: 'i8',
  int16: 'i16',
  int32: 'i32',
  int64: 'i64',
  uint8: 'u8',
  uint16: 'u16',
  uint32: 'u32',
  uint64: 'u64',
  bool: 'u8',
};

/** The name by which kernels and `run` know the elements of a dtype. */
export function heapOf(dtype: ElementType): string {
  return heaps[dtype];
}

/** All names that `heapOf` gives. */
export const heapNames: readonly string[] = [...new Set(Object.values(heaps))].sort();

/** The family of operators that a scalar type takes. */
export type Family = 'float' | 'bool' | 'bigint' | 'integer' | 'index';

const families: Readonly<Record<ScalarType, Family>> = {
  float32: 'float',
  float64: 'float',
  float16: 'float',
  bfloat16: 'float',
  int8: 'integer',
  int16: 'integer',
  int32: 'integer',
  int64: 'bigint',
  uint8: 'integer',
  uint16: 'integer',
  uint32: 'integer',
  uint64: 'bigint',
  bool: 'bool',
  index: 'index',
};

export function familyOf(dtype: ScalarType): Family {
  return families[dtype];
}
