/** The loops of the general schedule: every element of the output, in the order of its memory. */

import type { Block } from '../block.js';
import { index } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { axesInMemoryOrder } from '../view.js';
import type { Destination } from './rule.js';

/** `element` gets the block inside all loops and one coordinate for each axis. */
export function writeElementLoops(
  block: Block,
  destination: Destination,
  element: (block: Block, at: readonly Expr[]) => Expr,
): void {
  const order = axesInMemoryOrder(destination.view);
  const at: Expr[] = destination.dims.map(() => index(0));
  const nest = (inner: Block, depth: number): void => {
    const axis = order[depth];
    if (axis === undefined) {
      destination.store(inner, at, element(inner, [...at]));
      return;
    }
    inner.for(`i${axis}`, destination.dims[axis] ?? 1, (deeper, coordinate) => {
      at[axis] = coordinate;
      nest(deeper, depth + 1);
    });
  };
  nest(block, 0);
}
