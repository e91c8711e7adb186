/**
 * Constant tensors: little-endian bytes with a dtype and bound dims. The bytes are usually a view
 * into the model file, so they may lie at any alignment and must not be written to.
 */

import { type DType, dtypes } from './dtype.js';
import { CompilerError } from './errors.js';

export interface Tensor {
  readonly dtype: DType;
  readonly dims: readonly number[];
  /** `product(dims) * bytes per element` bytes, row-major; empty for strings. */
  readonly bytes: Uint8Array;
  /** The elements of a string tensor; absent for every other dtype. */
  readonly strings?: readonly string[];
}

export type NumericArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array;

export type TypedArray = NumericArray | BigInt64Array | BigUint64Array;

interface TypedArrayConstructor<A extends TypedArray> {
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): A;
  new (length: number): A;
}

/** How each dtype lies in memory; 16-bit floats are held as their bits, as in the emitted module. */
const arrays: Readonly<Record<Exclude<DType, 'string'>, TypedArrayConstructor<TypedArray>>> = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
};

/** The number of elements of bound dims; 1 for a 0-d tensor. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** A zeroed array that holds `length` elements of `dtype`. */
export function newTypedArray(dtype: DType, length: number): TypedArray {
  return new (constructorOf(dtype))(length);
}

/** The elements as a typed array: a view where alignment allows, otherwise a copy. */
export function typedArrayOf(tensor: Tensor): TypedArray {
  const { dtype, bytes } = tensor;
  const size = dtypes[dtype].bytes;
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new (constructorOf(dtype))(
    aligned.buffer,
    aligned.byteOffset,
    Math.floor(bytes.byteLength / size),
  );
}

/** The elements as JavaScript numbers; 64-bit integers lose what is beyond 2^53. */
export function numbersOf(tensor: Tensor): number[] {
  const numbers: number[] = [];
  for (const value of typedArrayOf(tensor)) numbers.push(Number(value));
  return numbers;
}

/**
 * A tensor over a typed array, sharing its memory.
 * @throws {CompilerError} `E_INVALID_GRAPH` where the length is not the product of `dims`.
 */
export function tensorFrom(dtype: DType, dims: readonly number[], data: TypedArray): Tensor {
  if (data.length !== elementCount(dims)) {
    throw new CompilerError(
      'E_INVALID_GRAPH',
      `A tensor of dims [${dims.join(',')}] needs ${elementCount(dims)} elements, not ${data.length}.`,
    );
  }
  return { dtype, dims, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

/** A tensor of numbers, converted to `dtype` as a store to its typed array converts. */
export function tensorOf(
  dtype: DType,
  dims: readonly number[],
  values: readonly (number | bigint)[],
): Tensor {
  const data = newTypedArray(dtype, values.length);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    values.forEach((value, i) => {
      data[i] = BigInt(value);
    });
  } else {
    values.forEach((value, i) => {
      data[i] = Number(value);
    });
  }
  return tensorFrom(dtype, dims, data);
}

/** A 1-d int64 tensor, the form in which ONNX passes shapes, axes and pads as inputs. */
export function int64Tensor(values: readonly number[]): Tensor {
  return tensorOf('int64', [values.length], values);
}

function constructorOf(dtype: DType): TypedArrayConstructor<TypedArray> {
  if (dtype === 'string') {
    throw new CompilerError('E_INTERNAL', 'String tensors have no numeric elements.');
  }
  return arrays[dtype];
}
