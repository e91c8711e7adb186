/** Constants that hold one number for each channel, in the shapes that broadcasting allows. */

import { elementCount, type Tensor, typedArrayOf } from '@whittle/ir';

/**
 * The number that a float constant contributes to each of `channels` channels on `axis` of a tensor
 * of rank `rank`, when broadcast to it. Undefined where it varies along another axis, where
 * broadcasting would change the tensor's dims, or where it is not f32 or f64.
 */
export function expandChannels(
  tensor: Tensor,
  rank: number,
  axis: number,
  channels: number,
): Float64Array | undefined {
  if (tensor.dtype !== 'float32' && tensor.dtype !== 'float64') return undefined;
  const missing = rank - tensor.dims.length;
  if (missing < 0) return undefined;
  const aligned = tensor.dims.every(
    (size, i) => size === 1 || (i + missing === axis && size === channels),
  );
  if (!aligned) return undefined;
  const values = Float64Array.from(typedArrayOf(tensor), Number);
  const [only = 0] = values;
  return elementCount(tensor.dims) === 1 ? new Float64Array(channels).fill(only) : values;
}
