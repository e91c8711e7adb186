/** The checksum by which an emitted module knows its weights. */

/**
 * FNV-1a over the 32-bit little-endian words, as emitted modules compute it when they load the
 * weights file. Any one word that differs changes it.
 */
export function weightsChecksum(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let hash = 0x811c9dc5;
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    hash = Math.imul(hash ^ view.getUint32(at, true), 0x01000193);
  }
  return hash >>> 0;
}
