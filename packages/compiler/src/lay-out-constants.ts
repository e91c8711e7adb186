/**
 * Puts the constants of a program where the weights file has them, in one block of memory. A code
 * generator then finds the file made, and what lowering packed can go.
 */

import { CompilerError } from '@whittle/ir';
import type { Program } from '@whittle/kernel';

/** The same program; its constants are views into one buffer, each at its place, with zeros between. */
export function layOutConstants(program: Program): Program {
  const block = new Uint8Array(program.constantBytes);
  const places = new Map(program.buffers.map((buffer) => [buffer.name, buffer]));
  const constants = program.constants.map(({ buffer, bytes }) => {
    const place = places.get(buffer);
    if (place === undefined) {
      throw new CompilerError('E_INTERNAL', `Constant "${buffer}" has no place.`);
    }
    block.set(bytes, place.byteOffset);
    return { buffer, bytes: block.subarray(place.byteOffset, place.byteOffset + bytes.length) };
  });
  return { ...program, constants };
}
