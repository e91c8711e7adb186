/** The constants of a program, each content once. */

import { numbersOf, type Tensor, type TypedArray, typedArrayOf, type Value } from '@whittle/ir';
import type { ElementType } from '../lower/rule.js';
import { rowMajorStrides, type View } from '../view.js';

export interface ConstantEntry {
  readonly name: string;
  readonly dtype: ElementType;
  readonly length: number;
  readonly bytes: Uint8Array;
}

export class ConstantPool {
  readonly #entries = new Map<string, ConstantEntry>();
  readonly #byContent = new Map<string, ConstantEntry[]>();

  has(buffer: string): boolean {
    return this.#entries.has(buffer);
  }

  entries(): readonly ConstantEntry[] {
    return [...this.#entries.values()];
  }

  /** A constant as the model wrote it. */
  addTensor(tensor: Tensor): View {
    const { dtype, dims, bytes } = tensor;
    if (dtype === 'string') throw new TypeError('String tensors cannot be packed.');
    const length = dims.reduce((product, dim) => product * dim, 1);
    return { ...this.#addBytes(dtype, length, bytes), dims, strides: rowMajorStrides(dims) };
  }

  /** Packed data of the compiler's own. */
  add(data: Float32Array | Int32Array): View {
    const dtype = data instanceof Float32Array ? 'float32' : 'int32';
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return { ...this.#addBytes(dtype, data.length, bytes), dims: [data.length], strides: [1] };
  }

  /** The elements of a constant value, without a copy where alignment allows; 16-bit floats are not read. */
  dataOf(value: Value): ArrayLike<number> | undefined {
    const { constant } = value;
    if (constant === undefined) return undefined;
    const data: TypedArray = typedArrayOf(constant);
    return data instanceof BigInt64Array || data instanceof BigUint64Array
      ? numbersOf(constant)
      : data;
  }

  #addBytes(
    dtype: ElementType,
    length: number,
    bytes: Uint8Array,
  ): { buffer: string; dtype: ElementType; offset: number } {
    const key = `${dtype} ${bytes.length} ${sampleHash(bytes)}`;
    const alike = this.#byContent.get(key) ?? [];
    let entry = alike.find((candidate) => equalBytes(candidate.bytes, bytes));
    if (entry === undefined) {
      entry = { name: `c${this.#entries.size}`, dtype, length, bytes };
      this.#entries.set(entry.name, entry);
      this.#byContent.set(key, [...alike, entry]);
    }
    return { buffer: entry.name, dtype, offset: 0 };
  }
}

/** FNV-1a over at most 4096 evenly spread bytes: enough to tell weights apart, cheap for large ones. */
function sampleHash(bytes: Uint8Array): number {
  const stride = Math.max(1, Math.floor(bytes.length / 4096));
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i += stride) {
    hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  }
  return hash >>> 0;
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
