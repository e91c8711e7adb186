/** How each dtype lies in memory in JavaScript: the typed array over the memory of an instance. */

import type { Param, ScalarType } from '@whittle/kernel';

export type ElementType = Param['dtype'];

interface ArrayType {
  /** The constructor's name. */
  readonly array: string;
  /** The name of a typed array over the memory. */
  readonly heap: string;
}

const arrayTypes: Readonly<Record<ElementType, ArrayType>> = {
  float32: { array: 'Float32Array', heap: 'f32' },
  float64: { array: 'Float64Array', heap: 'f64' },
  float16: { array: 'Uint16Array', heap: 'u16' },
  bfloat16: { array: 'Uint16Array', heap: 'u16' },
  int8: { array: 'Int8Array', heap: 'i8' },
  int16: { array: 'Int16Array', heap: 'i16' },
  int32: { array: 'Int32Array', heap: 'i32' },
  int64: { array: 'BigInt64Array', heap: 'i64' },
  uint8: { array: 'Uint8Array', heap: 'u8' },
  uint16: { array: 'Uint16Array', heap: 'u16' },
  uint32: { array: 'Uint32Array', heap: 'u32' },
  uint64: { array: 'BigUint64Array', heap: 'u64' },
  bool: { array: 'Uint8Array', heap: 'u8' },
};

export function arrayOf(dtype: ElementType): string {
  return arrayTypes[dtype].array;
}

/** The name by which kernels and `run` know the elements of a dtype. */
export function heapOf(dtype: ElementType): string {
  return arrayTypes[dtype].heap;
}

/** All names that `heapOf` gives. */
export const heapNames: readonly string[] = [
  ...new Set(Object.values(arrayTypes).map(({ heap }) => heap)),
].sort();

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
