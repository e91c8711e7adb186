/**
 * Products for targets with a grid whose result is small and whose sums are long: the threads of a
 * workgroup share out the terms of each sum, and then add up what each has summed.
 *
 *     for each tile of rows and of columns:
 *       for each slice of terms, and vector of columns:     shared out among the threads
 *         partial[slice] ← sum of the terms of the slice
 *       for each row and vector of columns:                 shared out again
 *         c ← finish(init + sum of partial over the slices)
 *
 * Known as split-K. The order of the sum differs from one that a thread makes alone, and is the same in
 * every run.
 */

import { largestDivisor } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, index, literal, load, mul } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import type { Capabilities } from '../schedule/capabilities.js';
import { range } from '../schedule/contraction.js';
import { forTerms } from '../schedule/nest-loops.js';

export interface SplitPlan {
  readonly rows: number;
  readonly columns: number;
  readonly slices: number;
}

export interface ProductShape {
  readonly batches: number;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

const lanes = 4;
/** Below this many terms a slice has too few to be worth a wait. */
const fewestTerms = 16;
const columnsOfTile = 16;

/** Undefined where threads are enough, sums short, or a tile would not be whole. */
export function planSplit(target: Capabilities, shape: ProductShape): SplitPlan | undefined {
  const { grid, tileRows } = target;
  const { batches, rows, columns, depth } = shape;
  if (grid === undefined || columns % lanes !== 0) return undefined;
  const tile = largestDivisor(rows, tileRows);
  const threads = batches * (rows / tile) * (columns / lanes);
  const wide = lanes * largestDivisor(columns / lanes, columnsOfTile / lanes);
  const slices = largestDivisor(
    depth,
    Math.min(grid.workgroupSize / (wide / lanes), depth / fewestTerms),
  );
  if (threads >= grid.busyThreads || slices < 4) return undefined;
  return { rows: tile, columns: wide, slices };
}

/** What a tile is computed from; rows and columns count from the first of the tile. */
export interface SplitTile {
  readonly depth: number;
  a(row: Expr, k: Expr): Expr;
  b(column: Expr, k: Expr): Expr;
  init(block: Block, column: Expr): Expr;
  store(block: Block, row: Expr, column: Expr, sum: Expr): void;
}

/** `partial` is shared memory of `slices · rows · columns` floats. */
export function writeSplitTile(
  block: Block,
  { rows, columns, slices }: SplitPlan,
  partial: string,
  termsTogether: number,
  tile: SplitTile,
): void {
  const terms = tile.depth / slices;
  const placeOf = (slice: Expr, row: Expr, column: Expr): Expr =>
    add(mul(add(mul(slice, index(rows)), row), index(columns)), column);
  block.for('s', slices, (perSlice, slice) => {
    overVectors(perSlice, columns, (lane, column) => {
      const sums = range(rows).map((row) =>
        lane.local(`s${row}`, 'float32', literal('float32', 0)),
      );
      forTerms(lane, terms, termsTogether, (inner, term) => {
        const k = add(mul(slice, index(terms)), term);
        const b = inner.let('b', tile.b(column, k));
        sums.forEach((sum, row) => {
          inner.assign(sum, add(sum, mul(inner.let('a', tile.a(index(row), k)), b)));
        });
      });
      sums.forEach((sum, row) => {
        lane.store(partial, placeOf(slice, index(row), column), sum);
      });
    });
  });
  block.for('r', rows, (perRow, row) => {
    overVectors(perRow, columns, (lane, column) => {
      const sum = lane.local('s', 'float32', tile.init(lane, column));
      lane.for('s', slices, (inner, slice) => {
        inner.assign(sum, add(sum, load(partial, 'float32', placeOf(slice, row, column))));
      });
      tile.store(lane, row, column, sum);
    });
  });
}

function overVectors(
  block: Block,
  columns: number,
  body: (lane: Block, column: Expr) => void,
): void {
  block.for(
    'q',
    columns,
    (inner, first) => inner.lanes('v', lanes, (lane, v) => body(lane, add(first, v))),
    lanes,
  );
}
