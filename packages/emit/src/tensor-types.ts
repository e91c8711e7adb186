/** The types of tensors in a `.d.ts`. */

import { jsString } from './js-string.js';

export interface DeclaredTensor {
  readonly name: string;
  /** ONNX's own name in lower case: `float32`, `int64`, `bool`… */
  readonly dtype: string;
  /** Sizes; a string names one that only a run tells. */
  readonly dims: readonly (number | string)[];
  /** The most that the dims can be, where one is a string. */
  readonly most?: readonly number[];
}

/** The typed array of each dtype. 16-bit floats are their bits; strings have none. */
const arrayTypes: ReadonlyMap<string, string> = new Map([
  ['float32', 'Float32Array'],
  ['float64', 'Float64Array'],
  ['float16', 'Uint16Array'],
  ['bfloat16', 'Uint16Array'],
  ['int8', 'Int8Array'],
  ['int16', 'Int16Array'],
  ['int32', 'Int32Array'],
  ['int64', 'BigInt64Array'],
  ['uint8', 'Uint8Array'],
  ['uint16', 'Uint16Array'],
  ['uint32', 'Uint32Array'],
  ['uint64', 'BigUint64Array'],
  ['bool', 'Uint8Array'],
]);

/** The type of `inputs` or `outputs`: a tuple of names, dtypes and dims as literals. */
export function signatureType(tensors: readonly DeclaredTensor[]): string {
  const rows = tensors.map(({ name, dtype, dims }) => {
    const sizes = dims.map((dim) => (typeof dim === 'string' ? jsString(dim) : sizeText(dim)));
    return (
      `  { readonly name: ${jsString(name)}; readonly dtype: ${jsString(dtype)}; ` +
      `readonly dims: readonly [${sizes.join(', ')}] },\n`
    );
  });
  return `readonly [${rows.length === 0 ? '' : '\n'}${rows.join('')}]`;
}

/** What an input may be fed: its data, its data with dims, or a buffer on the device. */
export function feedType(tensor: DeclaredTensor, gpu: boolean): string {
  const data = tensor.dtype === 'float16' ? 'Uint16Array | Float16Bits' : dataType(tensor);
  const withDims = `{ readonly data: ${data}; readonly dims: ${dimsType(tensor)} }`;
  const onDevice = `DeviceBuffer | { readonly data: DeviceBuffer; readonly dims: ${dimsType(tensor)} }`;
  return [data, withDims, ...(gpu ? [onDevice] : [])].join(' | ');
}

/** What `run` gives for an output. */
export function resultType(tensor: DeclaredTensor): string {
  return resultOf(tensor, dataType(tensor));
}

/** What may be given for an output to be put in: an earlier result, or a buffer on the device. */
export function targetType(tensor: DeclaredTensor): string {
  return `${resultType(tensor)} | DeviceBuffer | ${resultOf(tensor, 'DeviceBuffer')}`;
}

function resultOf(tensor: DeclaredTensor, data: string): string {
  return (
    `{ readonly data: ${data}; readonly dims: ${dimsType(tensor)}; ` +
    `readonly dtype: ${jsString(tensor.dtype)} }`
  );
}

/** The dtype and dims for a reader, `float32 [1, 3, 0 to 12]`; names of dims do not stand in comments. */
export function shapeComment(tensor: DeclaredTensor): string {
  dataType(tensor); // Only a known dtype may stand in a comment.
  const sizes = tensor.dims.map((dim, axis) => {
    if (typeof dim !== 'string') return sizeText(dim);
    const most = tensor.most?.[axis];
    return most === undefined ? '?' : `0 to ${sizeText(most)}`;
  });
  return `${tensor.dtype} [${sizes.join(', ')}]`;
}

function dataType({ dtype }: DeclaredTensor): string {
  return dtype === 'string' ? 'string[]' : arrayOf(dtype);
}

/**
 * The name of the typed array that holds elements of a dtype.
 * @throws {RangeError} where there is none.
 */
export function arrayOf(dtype: string): string {
  const type = arrayTypes.get(dtype);
  if (type === undefined) throw new RangeError(`No data type for the dtype ${jsString(dtype)}.`);
  return type;
}

function dimsType({ dims }: DeclaredTensor): string {
  const sizes = dims.map((dim) => (typeof dim === 'string' ? 'number' : sizeText(dim)));
  return `readonly [${sizes.join(', ')}]`;
}

function sizeText(size: number): string {
  if (Number.isSafeInteger(size) && size >= 0) return String(size);
  throw new RangeError(`A dim is a size, not ${size}.`);
}
