/** The byte sequences that the binary format is made of. */

import { CompilerError } from '@whittle/kernel';

export type Bytes = readonly number[];

/** LEB128 of a non-negative integer below 2 to the power 32. */
export function unsigned(value: number): Bytes {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new CompilerError('E_INTERNAL', `${value} is no unsigned 32-bit integer.`);
  }
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest];
}

/** LEB128 of an integer of either sign, as short as it can be. */
export function signed(value: bigint): Bytes {
  const bytes: number[] = [];
  let rest = value;
  // The last byte's bit 6 is the sign, so that what is left must repeat it.
  for (; rest < -0x40n || rest > 0x3fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest & 0x7fn)];
}

/** A sequence with its number of items in front. */
export function vector(items: readonly Bytes[]): Bytes {
  return [...unsigned(items.length), ...concat(items)];
}

/** Bytes with their number in front. */
export function sized(bytes: Iterable<number> & { readonly length: number }): Bytes {
  return concat([unsigned(bytes.length), bytes]);
}

/** A name in UTF-8 with its length in front. */
export function name(text: string): Bytes {
  return sized(new TextEncoder().encode(text));
}

/** One after another. It copies by a loop, as arguments of a call are limited in number. */
export function concat(parts: Iterable<Iterable<number>>): Bytes {
  const all: number[] = [];
  for (const part of parts) for (const byte of part) all.push(byte);
  return all;
}
