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
