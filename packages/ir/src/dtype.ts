/**
 * Element types, as one table. A dtype is ONNX's own name in lower case; `short` is what the text
 * form prints (`f32[1,3,224,224]`), after MLIR and XLA.
 *
 * Source: the `TensorProto.DataType` enumeration of the ONNX specification.
 */

export type DType =
  | 'float32'
  | 'float64'
  | 'float16'
  | 'bfloat16'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'bool'
  | 'string';

export type DTypeKind = 'float' | 'signed' | 'unsigned' | 'bool' | 'string';

export interface DTypeInfo {
  readonly short: string;
  /** Bytes of one element in a little-endian buffer; 0 for strings, which have no fixed size. */
  readonly bytes: number;
  readonly kind: DTypeKind;
  /** The number by which attributes such as `to` of `Cast` name the dtype. */
  readonly code: number;
}

export const dtypes: Readonly<Record<DType, DTypeInfo>> = {
  float32: { short: 'f32', bytes: 4, kind: 'float', code: 1 },
  float64: { short: 'f64', bytes: 8, kind: 'float', code: 11 },
  float16: { short: 'f16', bytes: 2, kind: 'float', code: 10 },
  bfloat16: { short: 'bf16', bytes: 2, kind: 'float', code: 16 },
  int8: { short: 'i8', bytes: 1, kind: 'signed', code: 3 },
  int16: { short: 'i16', bytes: 2, kind: 'signed', code: 5 },
  int32: { short: 'i32', bytes: 4, kind: 'signed', code: 6 },
  int64: { short: 'i64', bytes: 8, kind: 'signed', code: 7 },
  uint8: { short: 'u8', bytes: 1, kind: 'unsigned', code: 2 },
  uint16: { short: 'u16', bytes: 2, kind: 'unsigned', code: 4 },
  uint32: { short: 'u32', bytes: 4, kind: 'unsigned', code: 12 },
  uint64: { short: 'u64', bytes: 8, kind: 'unsigned', code: 13 },
  bool: { short: 'bool', bytes: 1, kind: 'bool', code: 9 },
  string: { short: 'str', bytes: 0, kind: 'string', code: 8 },
};

const byShort: ReadonlyMap<string, DType> = new Map(
  (Object.keys(dtypes) as DType[]).map((dtype) => [dtypes[dtype].short, dtype]),
);

const byCode: ReadonlyMap<number, DType> = new Map(
  (Object.keys(dtypes) as DType[]).map((dtype) => [dtypes[dtype].code, dtype]),
);

/** The dtype that the text form writes as `short`, or undefined. */
export function dtypeFromShort(short: string): DType | undefined {
  return byShort.get(short);
}

/** The dtype that attributes such as `to` of `Cast` write as `code`, or undefined. */
export function dtypeFromCode(code: number): DType | undefined {
  return byCode.get(code);
}

export function isFloat(dtype: DType): boolean {
  return dtypes[dtype].kind === 'float';
}

export function isInteger(dtype: DType): boolean {
  const { kind } = dtypes[dtype];
  return kind === 'signed' || kind === 'unsigned';
}

/** Whether elements are 64-bit integers, which JavaScript holds as `bigint`. */
export function isInt64(dtype: DType): boolean {
  return dtype === 'int64' || dtype === 'uint64';
}
