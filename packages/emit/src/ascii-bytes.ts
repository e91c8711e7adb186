/**
 * The bytes of emitted text. It is ASCII throughout, because names of the model come in through
 * `jsString()`; anything else would be a way around it.
 * @throws {TypeError} on any other character.
 */
export function asciiBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7e) throw new TypeError(`Emitted text holds the character ${code}.`);
    bytes[i] = code;
  }
  return bytes;
}
