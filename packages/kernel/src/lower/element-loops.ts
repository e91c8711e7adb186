/** The loops of the general schedule: every element of the output, in the order of its memory. */

import type { Block } from '../block.js';
import { add, index } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { range } from '../schedule/contraction.js';
import { forTiles, type Tile } from '../schedule/nest-tiles.js';
import { axesInMemoryOrder, type View } from '../view.js';
import { origin } from './axis-loops.js';
import type { Destination } from './rule.js';

/**
 * `element` gets the block inside all loops and one coordinate for each axis. Where most of what is
 * read lies in the order of another axis than the output's fastest, `source` is its view: then some
 * neighbours along that axis are computed together, so that what one load brings into cache is used.
 */
export function writeElementLoops(
  block: Block,
  destination: Destination,
  element: (block: Block, at: readonly Expr[]) => Expr,
  source?: View,
): void {
  const order = axesInMemoryOrder(destination.view);
  const together = source && crossedAxis(destination.view, source);
  const nest = (inner: Block, depth: number, at: readonly Expr[], tile: Tile): void => {
    const axis = order[depth];
    if (axis === undefined) {
      for (const i of range(tile.count)) {
        const here = together === undefined ? at : at.with(together, add(tile.start, index(i)));
        destination.store(inner, here, element(inner, here));
      }
      return;
    }
    const extent = destination.dims[axis] ?? 1;
    if (axis === together) {
      forTiles(inner, `i${axis}`, extent, neighboursTogether, (deeper, neighbours) =>
        nest(deeper, depth + 1, at, neighbours),
      );
    } else {
      inner.for(`i${axis}`, extent, (deeper, position) =>
        nest(deeper, depth + 1, at.with(axis, position), tile),
      );
    }
  };
  nest(block, 0, origin(destination.dims), { start: index(0), count: 1 });
}

/** Half of a cache line of 64 bytes, if the elements have four. */
const neighboursTogether = 8;

/** The fastest axis of the source, where it is another than that of the destination. */
function crossedAxis(destination: View, source: View): number | undefined {
  const fastest = axesInMemoryOrder(destination).at(-1);
  const adjacent = source.strides.findIndex(
    (stride, axis) => stride === 1 && (source.dims[axis] ?? 1) >= neighboursTogether,
  );
  if (adjacent < 0 || fastest === undefined || adjacent === fastest) return undefined;
  return (destination.dims[fastest] ?? 1) >= neighboursTogether ? adjacent : undefined;
}
