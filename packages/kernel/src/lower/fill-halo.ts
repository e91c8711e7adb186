/**
 * Zeroing the halo around a value. Memory is reused, so whoever writes the value clears the zeros
 * around it too; readers then need no test at the border.
 */

import type { Block } from '../block.js';
import { literal } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { axesInMemoryOrder } from '../view.js';
import { origin } from './axis-loops.js';
import type { Destination, Halo } from './rule.js';

/** What to write where, if not zeros all around. */
export interface FillOptions {
  /** What to fill with instead of zero. */
  readonly value?: Expr;
  /** The only axes whose slabs are written. */
  readonly axes?: readonly number[];
}

/**
 * For each axis with a halo, the slabs before and after it: whole along the axes that come later in
 * memory, without their halo along those that came earlier, so that each zero is written once.
 */
export function fillHalo(
  block: Block,
  destination: Destination,
  halo: Halo | undefined,
  { value = literal(destination.dtype, 0), axes }: FillOptions = {},
): void {
  if (halo === undefined) return;
  const around = (axis: number): Span => {
    const extent = destination.dims[axis] ?? 1;
    return [-(halo.before[axis] ?? 0), extent + (halo.after[axis] ?? 0)];
  };
  const order = axesInMemoryOrder(destination.view).filter((axis) => axes?.includes(axis) ?? true);
  const ranges = destination.dims.map((_, axis) => around(axis));
  for (const axis of order) {
    const extent = destination.dims[axis] ?? 1;
    const [first, end] = around(axis);
    for (const slab of [[first, 0] as const, [extent, end] as const]) {
      if (slab[0] !== slab[1]) fillBox(block, destination, ranges.with(axis, slab), value);
    }
    // What lies beside later slabs along this axis is filled by now.
    ranges[axis] = [0, extent];
  }
}

/** Positions of one axis: from the first up to the second, exclusive. */
type Span = readonly [number, number];

function fillBox(
  block: Block,
  destination: Destination,
  ranges: readonly Span[],
  value: Expr,
): void {
  const order = axesInMemoryOrder(destination.view);
  const nest = (inner: Block, depth: number, at: readonly Expr[]): void => {
    const axis = order[depth];
    if (axis === undefined) {
      destination.store(inner, at, value);
      return;
    }
    const [start, end] = ranges[axis] ?? [0, 0];
    const deeper = (next: Block, position: Expr): void =>
      nest(next, depth + 1, at.with(axis, position));
    inner.for(`h${axis}`, end, deeper, 1, start);
  };
  nest(block, 0, origin(destination.dims));
}
