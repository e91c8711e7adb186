/** Constants that hold one number for each channel, in the shapes that broadcasting allows. */

import type { Tensor } from '@whittle/ir';
import { doublesOf } from './floats.js';

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
  const missing = rank - tensor.dims.length;
  if (missing < 0) return undefined;
  const aligned = tensor.dims.every(
    (size, i) => size === 1 || (i + missing === axis && size === channels),
  );
  const values = aligned ? doublesOf(tensor) : undefined;
  return values?.length === 1 ? new Float64Array(channels).fill(values[0] ?? 0) : values;
}
