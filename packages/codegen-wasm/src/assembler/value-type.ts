/** The types that operands, results, locals and globals have. */

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

/** How the binary format writes each type. */
export const valueTypeCodes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/** What a function takes and returns. */
export interface FunctionType {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}
