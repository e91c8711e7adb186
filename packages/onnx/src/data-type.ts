/** The `TensorProto.DataType` numbers of the ONNX specification, and the dtypes they stand for. */

import { CompilerError, type DType, dtypeFromCode, dtypes, type ErrorLocation } from '@whittle/ir';

/** The types that ONNX has and Whittle has not, for messages. */
const unsupported: Readonly<Record<number, string>> = {
  14: 'complex64',
  15: 'complex128',
  17: 'float8e4m3fn',
  18: 'float8e4m3fnuz',
  19: 'float8e5m2',
  20: 'float8e5m2fnuz',
  21: 'uint4',
  22: 'int4',
  23: 'float4e2m1',
  24: 'float8e8m0',
  25: 'uint2',
  26: 'int2',
};

/** The number that ONNX gives a dtype. */
export function dataTypeOf(dtype: DType): number {
  return dtypes[dtype].code;
}

/**
 * The dtype of a number that must be one; `what` begins the message.
 * @throws {CompilerError} `E_UNSUPPORTED_FEATURE` for a type of ONNX, `E_INVALID_MODEL` otherwise.
 */
export function dtypeOf(
  number: number | null | undefined,
  what: string,
  where: ErrorLocation,
): DType {
  const dtype = dtypeFromCode(number ?? 0);
  if (dtype !== undefined) return dtype;
  const known = unsupported[number ?? 0];
  if (known !== undefined) {
    throw new CompilerError('E_UNSUPPORTED_FEATURE', `${what} has elements of ${known}.`, {
      where,
    });
  }
  throw new CompilerError('E_INVALID_MODEL', `${what} has no element type that ONNX knows.`, {
    where,
  });
}
