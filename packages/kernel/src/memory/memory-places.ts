/**
 * Where everything lies in the one memory of an instance: the constants, behind them what is prepared
 * from them, and then the arena.
 */

import { CompilerError, type DType, dtypes } from '@whittle/ir';
import type { Argument, Program } from '../program.js';
import { alignUp } from './plan-arena.js';

export interface MemoryPlaces {
  /** Of the whole memory. */
  readonly bytes: number;
  /** Bytes from the start of the memory to an element of a buffer. */
  readonly addressOf: (at: Argument, dtype: Exclude<DType, 'string'>) => number;
}

/** @throws {CompilerError} `E_INTERNAL` from `addressOf`, of a buffer that the program has not. */
export function memoryPlaces(program: Program): MemoryPlaces {
  const prepared = alignUp(program.constants.length);
  const arena = prepared + alignUp(program.preparedBytes);
  const startOf = { constants: 0, prepared, arena };
  const starts = new Map(
    program.buffers.map(({ name, space, byteOffset }) => [name, startOf[space] + byteOffset]),
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
