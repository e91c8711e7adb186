/** The op Transpose on a constant, for those who lay weights out anew while they build a graph. */

import { dtypes } from './dtype.js';
import { CompilerError } from './errors.js';
import { elementCount, type Tensor } from './tensor.js';

/**
 * The tensor with its axes in the order `perm`: axis `i` of the result is axis `perm[i]` of the
 * input. The elements are copied, whatever their dtype.
 * @throws {CompilerError} `E_INVALID_GRAPH` where `perm` does not name each axis once.
 */
export function transposeTensor(tensor: Tensor, perm: readonly number[]): Tensor {
  const { dtype, bytes, strings } = tensor;
  const strides = stridesOf(tensor.dims);
  const axes = perm.flatMap((axis) => {
    const size = tensor.dims[axis];
    const stride = strides[axis];
    return size === undefined || stride === undefined ? [] : [{ size, stride }];
  });
  if (axes.length !== tensor.dims.length || new Set(perm).size !== perm.length) {
    throw new CompilerError(
      'E_INVALID_GRAPH',
      `[${perm.join(',')}] is no order of the axes of [${tensor.dims.join(',')}].`,
    );
  }
  const positions = positionsAlong(axes);
  const dims = axes.map(({ size }) => size);
  return {
    dtype,
    dims,
    bytes: gatherBytes(bytes, positions, dtypes[dtype].bytes),
    ...(strings && { strings: Array.from(positions, (position) => strings[position] ?? '') }),
  };
}

function stridesOf(dims: readonly number[]): readonly number[] {
  return dims.map((_, axis) => elementCount(dims.slice(axis + 1)));
}

/** Where each element of the result lies in the input, in the order of the result. */
function positionsAlong(axes: readonly { size: number; stride: number }[]): Uint32Array {
  let positions = Uint32Array.of(0);
  for (const { size, stride } of axes) {
    const refined = new Uint32Array(positions.length * size);
    positions.forEach((position, i) => {
      for (let at = 0; at < size; at++) refined[i * size + at] = position + at * stride;
    });
    positions = refined;
  }
  return positions;
}

function gatherBytes(bytes: Uint8Array, positions: Uint32Array, size: number): Uint8Array {
  const gathered = new Uint8Array(positions.length * size);
  positions.forEach((position, i) => {
    for (let byte = 0; byte < size; byte++) {
      gathered[i * size + byte] = bytes[position * size + byte] ?? 0;
    }
  });
  return gathered;
}
