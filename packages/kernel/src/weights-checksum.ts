/** The checksum by which an emitted module knows its weights. */

/**
 * FNV-1a over 32-bit little-endian words, as emitted modules compute it when they have loaded the
 * weights: of every fourth word by itself, so that four can be hashed abreast, and then of the four
 * hashes. Any one word that differs changes it.
 */
export function weightsChecksum(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hashes = [start, start, start, start];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const lane = (at >> 2) & 3;
    hashes[lane] = next(hashes[lane] ?? start, view.getUint32(at, true));
  }
  return hashes.reduce(next, start) >>> 0;
}

const start = 0x811c9dc5;

function next(hash: number, word: number): number {
  return Math.imul(hash ^ word, 0x01000193);
}
