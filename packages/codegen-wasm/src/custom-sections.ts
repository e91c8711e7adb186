/**
 * The sections at the end of a module, which mean nothing to engines: `checksum`, by which the emitted
 * JavaScript knows the module as its own, and `sums`, where it finds the sums of products that it may have
 * fused.
 */

import { type Bytes, concat, name, sized } from './assembler/bytes.js';

export interface FinishedModule {
  readonly wasm: Uint8Array;
  /** Where in `wasm` the list of sums begins, which goes to the end. Undefined where there are none. */
  readonly sumsAt: number | undefined;
}

/** `sums` are positions in `code`, ascending. The checksum, a word of 32 bits, is written little-endian. */
export function withCustomSections(
  code: Bytes,
  checksum: number,
  sums: readonly number[],
): FinishedModule {
  const word = [0, 8, 16, 24].map((shift) => (checksum >>> shift) & 0xff);
  const checked = concat([code, section('checksum', word)]);
  if (sums.length === 0) return { wasm: Uint8Array.from(checked), sumsAt: undefined };
  const list = distances(sums);
  const wasm = Uint8Array.from(concat([checked, section('sums', list)]));
  return { wasm, sumsAt: wasm.length - list.length };
}

function section(title: string, content: Bytes): Bytes {
  return concat([[0x00], sized(concat([name(title), content]))]);
}

/** A byte from each position to the next. 255 goes so far, and to no position. */
function distances(positions: readonly number[]): Bytes {
  return positions.flatMap((position, i) => {
    const distance = position - (positions[i - 1] ?? 0);
    return [...new Array<number>(Math.floor(distance / 255)).fill(255), distance % 255];
  });
}
