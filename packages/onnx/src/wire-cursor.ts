/** Reading the scalars of the Protocol Buffers wire format, never beyond the innermost message. */

import { CompilerError } from '@whittle/ir';

export interface Cursor {
  readonly bytes: Uint8Array;
  position: number;
  /** Where the innermost message ends; nothing is read beyond it. */
  end: number;
}

/** Reads a length and returns where what it measures ends. */
export function readLength(cursor: Cursor): number {
  const start = cursor.position;
  const size = readVarint(cursor);
  if (size > cursor.end - cursor.position) {
    throw invalid(
      `A field at byte ${start} claims ${size} bytes, but only ${cursor.end - cursor.position} are left; the file may be truncated.`,
    );
  }
  return cursor.position + size;
}

export function advance(cursor: Cursor, size: number, start: number): void {
  if (size > cursor.end - cursor.position) {
    throw invalid(`The field at byte ${start} is cut short; the file may be truncated.`);
  }
  cursor.position += size;
}

/** A varint as a number, exact up to 2^53: only tags and lengths are looked at. */
export function readVarint(cursor: Cursor): number {
  const start = cursor.position;
  let value = 0;
  let scale = 1;
  for (let i = 0; i < 10; i++) {
    const byte = cursor.bytes[cursor.position];
    if (byte === undefined || cursor.position >= cursor.end) {
      throw invalid(`The integer at byte ${start} is cut short; the file may be truncated.`);
    }
    cursor.position++;
    value += (byte % 0x80) * scale;
    if (byte < 0x80) return value;
    scale *= 0x80;
  }
  throw invalid(`The integer at byte ${start} is longer than 10 bytes.`);
}

export function invalid(message: string): CompilerError {
  return new CompilerError('E_INVALID_MODEL', `This is no valid ONNX model. ${message}`);
}
