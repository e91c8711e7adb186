/** Channels: constants that hold one number for each, and the axis they lie on. */

import { type Node, optionalAttribute, type Tensor } from '@whittle/ir';
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

/** The axis of a transpose's input that its axis `axis` was. */
export function axisBefore(transpose: Node, axis: number, rank: number): number {
  return optionalAttribute(transpose, 'perm', 'ints')?.[axis] ?? rank - 1 - axis;
}

/** The axis of a transpose's output that axis `axis` of its input is. */
export function axisAfter(transpose: Node, axis: number, rank: number): number {
  return optionalAttribute(transpose, 'perm', 'ints')?.indexOf(axis) ?? rank - 1 - axis;
}
