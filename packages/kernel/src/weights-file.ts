/** The weights file of a program: its constants where it places them, and their checksum. */

import { CompilerError } from '@whittle/ir';
import type { Program } from './program.js';

/**
 * All constants, little-endian, each at a multiple of 64 bytes; the gaps are zero. Where the constants
 * are views into one buffer that is the file already, that is what comes back, without a copy.
 */
export function weightsFile(program: Program): Uint8Array {
  const size = Math.ceil(program.constantBytes / 64) * 64;
  const places = new Map(program.buffers.map((buffer) => [buffer.name, buffer]));
  const block = program.constants[0]?.bytes.buffer;
  const isLaidOut = program.constants.every(
    ({ buffer, bytes }) =>
      bytes.buffer === block && bytes.byteOffset === places.get(buffer)?.byteOffset,
  );
  if (block !== undefined && block.byteLength === size && isLaidOut) return new Uint8Array(block);
  const file = new Uint8Array(size);
  for (const { buffer, bytes } of program.constants) {
    const place = places.get(buffer);
    if (place === undefined || place.byteOffset + bytes.length > file.length) {
      throw new CompilerError('E_INTERNAL', `Constant "${buffer}" has no place in the weights.`);
    }
    file.set(bytes, place.byteOffset);
  }
  return file;
}

/**
 * FNV-1a over the 32-bit little-endian words, as emitted modules compute it when they load the
 * file. Any one word that differs changes it.
 */
export function weightsChecksum(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let hash = 0x811c9dc5;
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    hash = Math.imul(hash ^ view.getUint32(at, true), 0x01000193);
  }
  return hash >>> 0;
}
