/**
 * Types and tensors as text: `f32[1,3,224,224]` and `i64[2] [1, -1]`. Tensors of few elements are
 * lists that a person reads; longer ones are `splat` where all elements are the same, else base64.
 */

import { formatDims } from '../dim.js';
import { dtypes } from '../dtype.js';
import type { TensorType } from '../graph.js';
import { elementCount, type Tensor, typedArrayOf } from '../tensor.js';
import { encodeBase64 } from './base64.js';
import { formatElement } from './numerals.js';
import { quoteText } from './quote.js';
import { tensorOfElements } from './tensor-elements.js';

/** Tensors of more elements than this are not written as lists. */
const maxListed = 16;

export function formatType(type: TensorType | undefined): string {
  return type === undefined ? '?' : `${dtypes[type.dtype].short}${formatDims(type.dims)}`;
}

/**
 * The contents of a tensor. Data that takes neither a short list nor `splat`, and is longer than
 * `elideAbove` bytes, becomes its length and FNV-1a hash, which tells a change but does not parse.
 */
export function formatTensorData(tensor: Tensor, elideAbove: number): string {
  if (tensor.dtype === 'string') return formatStrings(tensor.strings ?? [], elideAbove);
  const count = elementCount(tensor.dims);
  if (tensor.bytes.length === count * dtypes[tensor.dtype].bytes) {
    const text = count <= maxListed ? formatList(tensor) : formatSplat(tensor);
    if (text !== undefined) return text;
  }
  return tensor.bytes.length > elideAbove
    ? `<${tensor.bytes.length} bytes, fnv1a ${fnv1a(tensor.bytes)}>`
    : `base64"${encodeBase64(tensor.bytes)}"`;
}

function formatStrings(strings: readonly string[], elideAbove: number): string {
  const list = `[${strings.map(quoteText).join(', ')}]`;
  return strings.length > maxListed && list.length > elideAbove
    ? `<${strings.length} strings of ${list.length} characters>`
    : list;
}

/** Undefined where a list would lose bits: the payload of a NaN, or a bool other than 0 and 1. */
function formatList(tensor: Tensor): string | undefined {
  const texts: string[] = [];
  for (const raw of typedArrayOf(tensor)) texts.push(formatElement(tensor.dtype, raw));
  const read = tensorOfElements(tensor.dtype, tensor.dims, texts);
  return read !== undefined && sameBytes(read.bytes, tensor.bytes)
    ? `[${texts.join(', ')}]`
    : undefined;
}

function formatSplat(tensor: Tensor): string | undefined {
  const { bytes, dtype } = tensor;
  const size = dtypes[dtype].bytes;
  for (let i = size; i < bytes.length; i++) if (bytes[i] !== bytes[i - size]) return undefined;
  const element = formatList({ dtype, dims: [1], bytes: bytes.subarray(0, size) });
  return element === undefined ? undefined : `splat ${element.slice(1, -1)}`;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/**
 * The hash of bytes that never change, remembered because dumps print the same weights many times.
 *
 * Source: the FNV-1a hash of 32 bits, by Fowler, Noll and Vo.
 */
function fnv1a(bytes: Uint8Array): string {
  const known = hashes.get(bytes);
  if (known !== undefined) return known;
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  const text = (hash >>> 0).toString(16).padStart(8, '0');
  hashes.set(bytes, text);
  return text;
}

const hashes = new WeakMap<Uint8Array, string>();
