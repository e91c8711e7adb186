/** Where everything lies in the one memory of an instance: the constants, and the arena behind them. */

import { CompilerError, type DType, dtypes } from '@whittle/ir';
import type { Argument, Program } from '../program.js';

export interface MemoryPlaces {
  /** Of the whole memory. */
  readonly bytes: number;
  /** Bytes from the start of the memory to an element of a buffer. */
  readonly addressOf: (at: Argument, dtype: Exclude<DType, 'string'>) => number;
}

/** @throws {CompilerError} `E_INTERNAL` from `addressOf`, of a buffer that the program has not. */
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
