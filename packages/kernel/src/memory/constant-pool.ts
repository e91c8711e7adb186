/**
 * The constants of a program, each content once, written straight to where the weights file has them.
 * Weights are most of what a compilation holds, so that no second copy of them is made here: packed
 * weights are filled into their place, and what the model wrote is copied when a kernel first reads it.
 *
 * Where floats are held in halves, those of `float32` are rounded on their way to the block.
 *
 * Vocabulary: the *block* is the memory that becomes the weights file; a constant is *placed* once it
 * has its bytes in the block.
 */

import {
  dtypes,
  numbersOf,
  type Tensor,
  type TypedArray,
  typedArrayOf,
  type Value,
} from '@whittle/ir';
import { halfFormats } from '../interpret/memory.js';
import type { ElementType } from '../lower/rule.js';
import type { Grid } from '../schedule/capabilities.js';
import { rowMajorStrides, type View } from '../view.js';
import { alignUp, defaultAlignment } from './plan-arena.js';

export interface PlacedConstant {
  readonly name: string;
  readonly dtype: ElementType;
  /** Elements. */
  readonly length: number;
  readonly byteOffset: number;
}

export class ConstantPool {
  #block: Uint8Array;
  readonly #alignment: number;
  readonly #halves: boolean;
  #clamped = 0;
  #end = 0;
  #count = 0;
  readonly #waiting = new Map<string, Tensor>();
  readonly #placed = new Map<string, PlacedConstant>();
  readonly #names = new Map<string, string>();
  readonly #byContent = new Map<string, PlacedConstant[]>();

  /** `expectedBytes` is what the block will probably need; it grows beyond that. */
  constructor(
    expectedBytes: number,
    {
      alignment = defaultAlignment,
      halves = false,
    }: Partial<Pick<Grid, 'alignment' | 'halves'>> = {},
  ) {
    this.#alignment = alignment;
    this.#halves = halves;
    this.#block = new Uint8Array(alignUp(expectedBytes, alignment));
  }

  has(buffer: string): boolean {
    return this.#waiting.has(buffer) || this.#names.has(buffer);
  }

  /** A constant as the model wrote it; it is placed when a step reads it. */
  addTensor(tensor: Tensor): View {
    const { dtype, dims } = tensor;
    if (dtype === 'string') throw new TypeError('String tensors cannot be packed.');
    const buffer = this.#newName();
    this.#waiting.set(buffer, tensor);
    return { buffer, dtype, dims, strides: rowMajorStrides(dims), offset: 0 };
  }

  /** Data of the compiler's own. */
  add(data: Float32Array | Int32Array): View {
    const dtype = data instanceof Float32Array ? 'float32' : 'int32';
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return this.#addBytes(dtype, data.length, (to) => to.set(bytes));
  }

  /** As `add`, of `length` numbers that `fill` writes where they will lie; they are zero before. */
  addFilled(length: number, fill: (data: Float32Array) => void): View {
    return this.#addBytes('float32', length, (to) =>
      fill(new Float32Array(to.buffer, to.byteOffset, length)),
    );
  }

  /** The buffer that holds what `buffer` stands for, which now has a place; others stay as they are. */
  place(buffer: string): string {
    const tensor = this.#waiting.get(buffer);
    if (tensor !== undefined) {
      const { dtype, bytes } = tensor;
      this.#waiting.delete(buffer);
      const length = bytes.length / dtypes[dtype].bytes;
      this.#names.set(
        buffer,
        this.#write(buffer, dtype as ElementType, length, (to) => to.set(bytes)),
      );
    }
    return this.#names.get(buffer) ?? buffer;
  }

  /** The elements of a constant value, without a copy where alignment allows; 16-bit floats are bits. */
  dataOf(value: Value): ArrayLike<number> | undefined {
    const { constant } = value;
    if (constant === undefined) return undefined;
    const data: TypedArray = typedArrayOf(constant);
    return data instanceof BigInt64Array || data instanceof BigUint64Array
      ? numbersOf(constant)
      : data;
  }

  /** How many numbers were beyond the range of halves. */
  get clamped(): number {
    return this.#clamped;
  }

  placed(): readonly PlacedConstant[] {
    return [...this.#placed.values()];
  }

  /** The weights file: every placed constant at its offset, a multiple of the alignment; zeros between. */
  bytes(): Uint8Array {
    return this.#block.subarray(0, alignUp(this.#end, this.#alignment));
  }

  #addBytes(dtype: ElementType, length: number, fill: (to: Uint8Array) => void): View {
    const wanted = this.#newName();
    const buffer = this.#write(wanted, dtype, length, fill);
    this.#names.set(buffer, buffer);
    return { buffer, dtype, dims: [length], strides: [1], offset: 0 };
  }

  /** Writes a constant, in halves where floats are held so; gives the name of the one that is there. */
  #write(name: string, dtype: ElementType, length: number, fill: (to: Uint8Array) => void): string {
    if (!this.#halves || dtype !== 'float32') return this.#writeBytes(name, dtype, length, fill);
    const floats = new Float32Array(length);
    fill(new Uint8Array(floats.buffer));
    return this.#writeBytes(name, 'float16', length, (to) => {
      const halves = new Uint16Array(to.buffer, to.byteOffset, length);
      for (const [i, float] of floats.entries()) halves[i] = this.#halfOf(float);
    });
  }

  /** Half to even; what is finite stays so. */
  #halfOf(float: number): number {
    const { decode, encode } = halfFormats.float16;
    const bits = encode(float);
    if (!Number.isFinite(float) || Number.isFinite(decode(bits))) return bits;
    this.#clamped++;
    return encode(Math.sign(float) * largestHalf);
  }

  /** Writes a constant at the end of the block, or gives the name of an equal one that is there. */
  #writeBytes(
    name: string,
    dtype: ElementType,
    length: number,
    fill: (to: Uint8Array) => void,
  ): string {
    const byteOffset = alignUp(this.#end, this.#alignment);
    const end = byteOffset + length * dtypes[dtype].bytes;
    this.#reserve(alignUp(end, this.#alignment));
    const bytes = this.#block.subarray(byteOffset, end);
    fill(bytes);
    const key = `${dtype} ${length} ${sampleHash(bytes)}`;
    const alike = this.#byContent.get(key) ?? [];
    const equal = alike.find((other) => equalBytes(this.#bytesOf(other), bytes));
    if (equal !== undefined) {
      bytes.fill(0);
      return equal.name;
    }
    const constant = { name, dtype, length, byteOffset };
    this.#end = end;
    this.#placed.set(name, constant);
    this.#byContent.set(key, [...alike, constant]);
    return name;
  }

  #bytesOf({ dtype, length, byteOffset }: PlacedConstant): Uint8Array {
    return this.#block.subarray(byteOffset, byteOffset + length * dtypes[dtype].bytes);
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#block.length) return;
    const larger = new Uint8Array(Math.max(bytes, 2 * this.#block.length));
    larger.set(this.#block);
    this.#block = larger;
  }

  #newName(): string {
    return `c${this.#count++}`;
  }
}

const largestHalf = 65504;

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
