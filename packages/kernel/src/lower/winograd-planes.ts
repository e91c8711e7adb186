/** Memory of Winograd's minimal filtering, a plane for each point. */

import { add, index, mul } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import type { KernelContext } from './rule.js';

/** Scratch memory of `[point][tile][channel]`. */
export interface Planes {
  readonly param: string;
  place(point: Expr, tile: Expr, channel: Expr): Expr;
}

export function allocatePlanes(
  context: KernelContext,
  stem: string,
  points: number,
  tiles: number,
  channels: number,
): Planes {
  const plane = planeLength(tiles * channels);
  const { param } = context.scratch(stem, [points * plane]);
  return {
    param,
    place: (point, tile, channel) =>
      add(add(mul(point, index(plane)), mul(tile, index(channels))), channel),
  };
}

/**
 * Planes lie an odd number of cache lines apart: a transform goes over one element of each, and at even
 * distances these would fall into the same few sets of a cache.
 */
export function planeLength(elements: number): number {
  const lines = Math.ceil(elements / lineFloats);
  return (lines + 1 - (lines % 2)) * lineFloats;
}

const lineFloats = 16;
