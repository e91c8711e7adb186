/**
 * A program in a memory that one of its buffers begins or ends, so that WebAssembly traps where a
 * kernel goes beyond it. Around all others lie bytes that are NaN in every float.
 */

import { type Buffer, dtypes, type Program } from '@whittle/kernel';

export interface EdgeProgram {
  /** All of its memory is constants, so that whoever instantiates it writes every byte. */
  readonly program: Program;
  /** Where no kernel may write: from each start up to but without the end. */
  readonly fixed: readonly (readonly [start: number, end: number])[];
}

const pageBytes = 65_536;
const gap = 64;

export function atTheEdge(program: Program, edge: Buffer, side: 'start' | 'end'): EdgeProgram {
  const places = new Map<Buffer, number>();
  let at = side === 'start' ? 0 : gap;
  const others = program.buffers.filter((buffer) => buffer !== edge);
  for (const buffer of side === 'start' ? [edge, ...others] : others) {
    places.set(buffer, at);
    at = alignUp(at + bytesOf(buffer), gap) + gap;
  }
  const bytes = alignUp(at + (side === 'end' ? bytesOf(edge) : 0), pageBytes);
  if (side === 'end') places.set(edge, bytes - bytesOf(edge));
  const constants = new Uint8Array(bytes).fill(0xff);
  const buffers = program.buffers.map((buffer): Buffer => {
    const place = places.get(buffer) ?? 0;
    // What is written lies behind the constants, so that what is inside of them is before it.
    if (buffer.space !== 'constants') return { ...buffer, byteOffset: place - bytes };
    const { byteOffset } = buffer;
    constants.set(program.constants.subarray(byteOffset, byteOffset + bytesOf(buffer)), place);
    return { ...buffer, byteOffset: place };
  });
  const arena = { bytes: 0, lowerBoundBytes: 0, banks: [{ byteOffset: 0, bytes: 0 }] };
  const edged = { ...program, buffers, constants, preparedBytes: 0, arena };
  return { program: edged, fixed: between(places, bytes) };
}

/** What of a memory holds constants, or nothing. */
function between(places: ReadonlyMap<Buffer, number>, bytes: number): EdgeProgram['fixed'] {
  const written = [...places].filter(([{ space }]) => space !== 'constants');
  written.sort(([, a], [, b]) => a - b);
  const starts = [0, ...written.map(([buffer, place]) => place + bytesOf(buffer))];
  const ends = [...written.map(([, place]) => place), bytes];
  return starts.map((start, i) => [start, ends[i] ?? bytes] as const);
}

function bytesOf({ length, dtype }: Buffer): number {
  return length * dtypes[dtype].bytes;
}

function alignUp(bytes: number, unit: number): number {
  return Math.ceil(bytes / unit) * unit;
}
