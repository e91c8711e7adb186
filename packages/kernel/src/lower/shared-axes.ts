/**
 * Which axes two views of one memory have in common, and what follows for the zeros around a value
 * that is seen through another view: a slice of an image's channels has the image's zeros around it.
 */

import type { View } from '../view.js';
import type { Halo } from './rule.js';

/** Views as far as their axes go. */
export type Axes = Pick<View, 'dims' | 'strides'>;

/**
 * For each axis of `seen` the axis of `memory` that it walks along from end to end, step for step;
 * undefined where it walks along none. No axis comes twice.
 */
function sharedAxes(memory: Axes, seen: Axes): (number | undefined)[] {
  const isShared = (from: number, to: number): boolean =>
    memory.strides[from] !== 0 &&
    memory.strides[from] === seen.strides[to] &&
    memory.dims[from] === seen.dims[to];
  // Axes of extent 1 may have equal strides; such an axis is first of all itself.
  const shared = seen.dims.map((_, axis) => (isShared(axis, axis) ? axis : undefined));
  seen.dims.forEach((_, to) => {
    if (shared[to] !== undefined) return;
    const from = memory.dims.findIndex((_, axis) => !shared.includes(axis) && isShared(axis, to));
    if (from >= 0) shared[to] = from;
  });
  return shared;
}

/** The part of a halo that `seen` has around it as well. */
export function haloThrough(memory: Axes, halo: Halo, seen: Axes): Halo {
  const axes = sharedAxes(memory, seen);
  const keep = (sizes: readonly number[]): number[] =>
    axes.map((axis) => (axis === undefined ? 0 : (sizes[axis] ?? 0)));
  return { before: keep(halo.before), after: keep(halo.after) };
}

/** Whether `seen` has all of a halo around it. */
export function hasWholeHalo(memory: Axes, halo: Halo, seen: Axes): boolean {
  const axes = sharedAxes(memory, seen);
  return memory.dims.every(
    (_, axis) =>
      axes.includes(axis) || ((halo.before[axis] ?? 0) === 0 && (halo.after[axis] ?? 0) === 0),
  );
}
