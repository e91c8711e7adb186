/** A file that holds one `TensorProto`, as the inputs and outputs of ONNX's own test cases do. */

import { CompilerError, type Tensor } from '@whittle/ir';
import { onnx, readerOf } from './proto.js';
import { tensorFromProto } from './tensor-proto.js';

/**
 * Reads a tensor. Its bytes are a view into `bytes` where the file holds them raw.
 * @throws {CompilerError} `E_INVALID_MODEL` for what is no tensor, `E_UNSUPPORTED_FEATURE`,
 *   `E_EXTERNAL_DATA` for a tensor that lives in another file.
 */
export function readTensor(bytes: Uint8Array): Tensor {
  return tensorFromProto(decodeTensor(bytes), { externalData: undefined, onWarning: () => {} });
}

function decodeTensor(bytes: Uint8Array): ReturnType<typeof onnx.TensorProto.decode> {
  try {
    return onnx.TensorProto.decode(readerOf(bytes));
  } catch (cause) {
    throw new CompilerError('E_INVALID_MODEL', 'The file does not decode as a tensor.', {
      hint: 'It should hold one TensorProto, as the .pb files of the ONNX test cases do.',
      cause,
    });
  }
}
