/**
 * The one door to the protocol buffer library. The package's build bundles `onnx-proto` with the
 * `protobufjs` of the lock file into this module: `onnx-proto` by itself resolves to an older
 * `protobufjs`, and an override in a workspace root does not reach those who install the package.
 */

import onnxProto, { type onnx as types } from 'onnx-proto';
import protobuf from 'protobufjs/minimal.js';

export const { onnx } = onnxProto;

/** UTF-8 to text; bytes that are not UTF-8 become U+FFFD. */
export function textOf(bytes: Uint8Array): string {
  return protobuf.util.utf8.read(bytes, 0, bytes.length);
}

/** Text to UTF-8. */
export function utf8Of(text: string): Uint8Array {
  const bytes = new Uint8Array(protobuf.util.utf8.length(text));
  protobuf.util.utf8.write(text, bytes, 0);
  return bytes;
}

/** The bytes of a model, in a buffer of their own. */
export function encodeModel(model: types.IModelProto): Uint8Array {
  const bytes = onnx.ModelProto.encode(model, new protobuf.Writer()).finish();
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}

/**
 * What the messages decode from. Bytes fields are views into `bytes`; a `Buffer` is seen as what it
 * is, since of its own methods, `slice` means another thing.
 */
export function readerOf(bytes: Uint8Array): protobuf.Reader {
  return new SmallIntReader(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

type Int64 = ReturnType<protobuf.Reader['int64']>;

/**
 * Gives 64-bit integers below 2^49 as numbers. An object for each would make a file of 20 MB take
 * gigabytes.
 */
class SmallIntReader extends protobuf.Reader {
  override int64(): Int64 {
    return this.#small() ?? super.int64();
  }

  override uint64(): Int64 {
    return this.#small() ?? super.uint64();
  }

  #small(): Int64 | undefined {
    let value = 0;
    let scale = 1;
    for (let at = this.pos; at < this.pos + 7 && at < this.len; at++) {
      const byte = this.buf[at] ?? 0;
      value += (byte % 0x80) * scale;
      scale *= 0x80;
      if (byte < 0x80) {
        this.pos = at + 1;
        // The library itself gives numbers where it finds no `long` package; its types do not say so.
        return value as unknown as Int64;
      }
    }
    return undefined;
  }
}
