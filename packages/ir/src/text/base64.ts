/** Base64 of RFC 4648, strict: padded, no line breaks, unused bits zero. */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const padding = 61;

const characterOf = Uint8Array.from(alphabet, (character) => character.charCodeAt(0));
const sextetOf = new Int16Array(128).fill(-1);
characterOf.forEach((character, sextet) => {
  sextetOf[character] = sextet;
});

/** Bytes encoded at a time: a multiple of 3, few enough for the arguments of one call. */
const chunkBytes = 6144;

export function encodeBase64(bytes: Uint8Array): string {
  const chunks: string[] = [];
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    const codes = encodeChunk(bytes.subarray(start, start + chunkBytes));
    chunks.push(Reflect.apply(String.fromCharCode, undefined, codes));
  }
  return chunks.join('');
}

function encodeChunk(bytes: Uint8Array): Uint8Array {
  const codes = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(padding);
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const given = Math.min(bytes.length - from, 3);
    const group =
      ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    for (let i = 0; i <= given; i++) {
      codes[to + i] = characterOf[(group >> (18 - 6 * i)) & 63] ?? padding;
    }
  }
  return codes;
}

/** The bytes, or undefined where the text is not the base64 that `encodeBase64` writes. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padded = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padded);
  const end = text.length - padded;
  let group = 0;
  let bits = 0;
  let to = 0;
  for (let i = 0; i < end; i++) {
    const sextet = sextetOf[text.charCodeAt(i)] ?? -1;
    if (sextet < 0) return undefined;
    group = ((group << 6) | sextet) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[to++] = group >> bits;
  }
  const unused = group & ((1 << bits) - 1);
  return unused === 0 ? bytes : undefined;
}
