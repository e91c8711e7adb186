/**
 * A `TensorProto` to a tensor. Raw and external data stay views; the typed fields (`float_data`,
 * `int32_data`, …) are converted to little-endian bytes.
 */

import { CompilerError, type DType, dtypes, type Tensor } from '@whittle/ir';
import type { onnx } from 'onnx-proto';
import { dtypeOf } from './data-type.js';
import { readExternalData } from './external-data.js';
import type { ExternalData } from './import-options.js';
import { bigintOf, saturatedInt } from './int64.js';
import { textOf } from './proto.js';
import { quoted } from './quoted.js';

export interface TensorSource {
  readonly externalData: ExternalData | undefined;
  readonly onWarning: (message: string) => void;
}

const externalLocation = 1;

/**
 * @throws {CompilerError} `E_INVALID_MODEL` where dims and data disagree, `E_UNSUPPORTED_FEATURE`
 *   for element types that Whittle does not know, `E_EXTERNAL_DATA` as `readExternalData` does.
 */
export function tensorFromProto(
  proto: onnx.ITensorProto,
  source: TensorSource,
  name = proto.name ?? '',
): Tensor {
  const where = { tensor: name };
  const dtype = dtypeOf(proto.dataType, `Tensor ${quoted(name)}`, where);
  const dims = checkedDims(proto, name);
  const count = dims.reduce((product, dim) => product * dim, 1);
  if (proto.segment) {
    throw new CompilerError(
      'E_UNSUPPORTED_FEATURE',
      `Tensor ${quoted(name)} is stored in segments.`,
      {
        where,
      },
    );
  }
  if (dtype === 'string') return stringTensor(proto, dims, count, name);
  const needed = count * dtypes[dtype].bytes;
  const bytes = bytesOf(proto, dtype, needed, source, name);
  if (bytes.byteLength !== needed) throw wrongLength(name, dims, needed, bytes.byteLength, 'bytes');
  return { dtype, dims, bytes };
}

/** Dims as numbers, each in [0, 2^53), with a product below 2^53 even where one of them is 0. */
function checkedDims(proto: onnx.ITensorProto, name: string): number[] {
  const dims = (proto.dims ?? []).map(saturatedInt);
  let product = 1;
  for (const dim of dims) {
    product *= Math.max(dim, 1);
    if (dim < 0 || product * 8 > Number.MAX_SAFE_INTEGER) {
      throw new CompilerError(
        'E_INVALID_MODEL',
        `Tensor ${quoted(name)} has the impossible dims [${dims.join(',')}].`,
        { where: { tensor: name } },
      );
    }
  }
  return dims;
}

function bytesOf(
  proto: onnx.ITensorProto,
  dtype: Exclude<DType, 'string'>,
  needed: number,
  source: TensorSource,
  name: string,
): Uint8Array {
  if (proto.dataLocation === externalLocation) {
    return readExternalData({
      tensor: name,
      entries: proto.externalData ?? [],
      byteLength: needed,
      externalData: source.externalData,
      onUnknownKey: (key) =>
        source.onWarning(
          `Tensor ${quoted(name)} has external data of the unknown key ${quoted(key)}.`,
        ),
    });
  }
  if (proto.rawData && proto.rawData.byteLength > 0) return proto.rawData;
  return typedFields[dtype](proto);
}

function stringTensor(
  proto: onnx.ITensorProto,
  dims: readonly number[],
  count: number,
  name: string,
): Tensor {
  const strings = (proto.stringData ?? []).map(textOf);
  if (strings.length !== count) throw wrongLength(name, dims, count, strings.length, 'strings');
  return { dtype: 'string', dims, bytes: new Uint8Array(0), strings };
}

/** The typed field that each dtype is stored in, as bytes. */
const typedFields: Readonly<
  Record<Exclude<DType, 'string'>, (proto: onnx.ITensorProto) => Uint8Array>
> = {
  float32: (proto) => bytesOfArray(Float32Array.from(proto.floatData ?? [])),
  float64: (proto) => bytesOfArray(Float64Array.from(proto.doubleData ?? [])),
  float16: (proto) => bytesOfArray(Uint16Array.from(proto.int32Data ?? [])),
  bfloat16: (proto) => bytesOfArray(Uint16Array.from(proto.int32Data ?? [])),
  int8: (proto) => bytesOfArray(Int8Array.from(proto.int32Data ?? [])),
  int16: (proto) => bytesOfArray(Int16Array.from(proto.int32Data ?? [])),
  int32: (proto) => bytesOfArray(Int32Array.from(proto.int32Data ?? [])),
  int64: (proto) => bytesOfBigints(proto.int64Data ?? []),
  uint8: (proto) => bytesOfArray(Uint8Array.from(proto.int32Data ?? [])),
  uint16: (proto) => bytesOfArray(Uint16Array.from(proto.int32Data ?? [])),
  uint32: (proto) => bytesOfArray(Uint32Array.from(proto.uint64Data ?? [], saturatedInt)),
  uint64: (proto) => bytesOfBigints(proto.uint64Data ?? []),
  bool: (proto) => bytesOfArray(Uint8Array.from(proto.int32Data ?? [], (v) => (v === 0 ? 0 : 1))),
};

/** Signed and unsigned are the same bits. One by one, as a list of bigints would take far more room. */
function bytesOfBigints(values: readonly unknown[]): Uint8Array {
  const array = new BigInt64Array(values.length);
  for (let i = 0; i < values.length; i++) array[i] = bigintOf(values[i]);
  return bytesOfArray(array);
}

function bytesOfArray(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function wrongLength(
  name: string,
  dims: readonly number[],
  needed: number,
  held: number,
  unit: string,
): CompilerError {
  return new CompilerError(
    'E_INVALID_MODEL',
    `Tensor ${quoted(name)} holds ${held} ${unit}, but its dims [${dims.join(',')}] need ${needed}.`,
    { where: { tensor: name } },
  );
}
