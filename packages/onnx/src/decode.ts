/**
 * Bytes to protocol buffer messages. The wire scan has vouched for the nesting, so what the decoder
 * still refuses is reported as an invalid model too. `raw_data` fields are views into `bytes`.
 */

import { CompilerError } from '@whittle/ir';
import type { onnx as types } from 'onnx-proto';
import type { ImportLimits } from './limits.js';
import { onnx, readerOf } from './proto.js';
import { scanModel, type WireScan } from './wire-scan.js';

export interface DecodedModel extends WireScan {
  readonly model: types.IModelProto;
}

/** @throws {CompilerError} as `scanModel` does. */
export function decodeModel(bytes: Uint8Array, limits: ImportLimits): DecodedModel {
  const scan = scanModel(bytes, limits);
  try {
    return { ...scan, model: onnx.ModelProto.decode(readerOf(bytes)) };
  } catch (cause) {
    const message = 'This is no valid ONNX model. It does not decode.';
    throw new CompilerError('E_INVALID_MODEL', message, { cause });
  }
}
