/**
 * Zeroing the halo around a value. Memory is reused, so whoever writes the value clears the zeros
 * around it too; readers then need no test at the border.
 */

import type { Block } from '../block.js';
import { index, literal } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { axesInMemoryOrder } from '../view.js';
import type { Destination, Halo } from './rule.js';

/**
 * For each axis with a halo, the slabs before and after it: whole along the axes that come later in
 * memory, without their halo along those that came earlier, so that each zero is written once.
 * `value` is what to fill with instead of zero.
 */
export function fillHalo(
  block: Block,
  destination: Destination,
  halo: Halo | undefined,
  value: Expr = literal(destination.dtype, 0),
): void {
  if (halo === undefined) return;
  const order = axesInMemoryOrder(destination.view);
  order.forEach((axis, place) => {
    const dim = destination.dims[axis] ?? 1;
    const slabs = [
      [-(halo.before[axis] ?? 0), 0],
      [dim, dim + (halo.after[axis] ?? 0)],
    ] as const;
    for (const [start, end] of slabs) {
      if (start === end) continue;
      const rangeOf = (other: number): readonly [number, number] => {
        const extent = destination.dims[other] ?? 1;
        if (other === axis) return [start, end];
        if (order.indexOf(other) < place) return [0, extent];
        return [-(halo.before[other] ?? 0), extent + (halo.after[other] ?? 0)];
      };
      const at: Expr[] = destination.dims.map(() => index(0));
      const nest = (inner: Block, depth: number): void => {
        const next = order[depth];
        if (next === undefined) {
          destination.store(inner, at, value);
          return;
        }
        const [from, to] = rangeOf(next);
        inner.for(
          `h${next}`,
          to,
          (deeper, coordinate) => {
            at[next] = coordinate;
            nest(deeper, depth + 1);
          },
          1,
          from,
        );
      };
      nest(block, 0);
    }
  });
}
