/** Tensors as runs take and give them: typed arrays with a dtype and dims. */

import {
  bfloat16ToNumber,
  CompilerError,
  float16ToNumber,
  type Tensor,
  typedArrayOf,
} from '@whittle/ir';
import type { TensorData } from '@whittle/kernel';

/** @throws {CompilerError} `E_UNSUPPORTED_FEATURE` for strings. */
export function tensorData(tensor: Tensor): TensorData {
  const { dtype, dims } = tensor;
  if (dtype === 'string') {
    throw new CompilerError('E_UNSUPPORTED_FEATURE', 'Tensors of strings cannot be run on.');
  }
  return { dtype, dims, data: typedArrayOf(tensor) };
}

/** The elements as numbers: 16-bit floats decoded, 64-bit integers rounded beyond 2^53. */
export function tensorNumbers({ dtype, data }: TensorData): number[] {
  const numbers = Array.from<number | bigint, number>(data, Number);
  if (dtype === 'float16') return numbers.map(float16ToNumber);
  return dtype === 'bfloat16' ? numbers.map(bfloat16ToNumber) : numbers;
}
