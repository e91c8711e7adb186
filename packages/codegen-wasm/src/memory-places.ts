/** Where everything lies in the memory of an instance: the constants first, the arena behind them. */

import { type Argument, CompilerError, dtypes, type Program } from '@whittle/kernel';
import type { ElementType } from './value-types.js';

export interface MemoryPlaces {
  /** Of the whole memory. */
  readonly bytes: number;
  /** The address of an element of a buffer. */
  readonly addressOf: (at: Argument, dtype: ElementType) => number;
}

export function memoryPlaces(program: Program): MemoryPlaces {
  const arena = alignUp(program.constants.length);
  const starts = new Map(
    program.buffers.map(({ name, space, byteOffset }) => [
      name,
      space === 'arena' ? arena + byteOffset : byteOffset,
    ]),
  );
  return {
    bytes: arena + alignUp(program.arena.bytes),
    addressOf: ({ buffer, offset }, dtype) => {
      const start = starts.get(buffer);
      if (start === undefined) {
        throw new CompilerError('E_INTERNAL', `The program lacks the buffer "${buffer}".`);
      }
      return start + offset * dtypes[dtype].bytes;
    },
  };
}

function alignUp(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
