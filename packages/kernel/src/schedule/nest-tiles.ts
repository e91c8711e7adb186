/** Loops over tiles: runs of positions along the rows and the columns of a contraction. */

import type { Block } from '../block.js';
import { index } from '../expr.js';
import type { Expr } from '../loop-ir.js';

/** A run of positions: the first, and how many. */
export interface Tile {
  readonly start: Expr;
  readonly count: number;
}

/** A loop nest that calls `body` inside with where it is. */
export type Loops<At> = (block: Block, body: (inner: Block, at: At) => void) => void;

/**
 * The loops over rows around those over columns or, with `columnsOutside`, the other way round. Where
 * rows are outside, `finish` is called after the columns of each.
 */
export function nestTiles<Row, Column>(
  block: Block,
  columnsOutside: boolean,
  rows: Loops<Row>,
  columns: Loops<Column>,
  body: (inner: Block, row: Row, column: Column) => void,
  finish?: (block: Block, row: Row) => void,
): void {
  if (columnsOutside) {
    columns(block, (outer, column) => rows(outer, (inner, row) => body(inner, row, column)));
  } else {
    rows(block, (outer, row) => {
      columns(outer, (inner, column) => body(inner, row, column));
      finish?.(outer, row);
    });
  }
}

/**
 * Covers [0, extent) by tiles of `size`: a loop over the whole ones, then one smaller for the rest.
 * A rest that makes no more than `most` with the last whole tile joins it.
 */
export function forTiles(
  block: Block,
  stem: string,
  extent: number,
  size: number,
  body: (inner: Block, tile: Tile) => void,
  most = size,
): void {
  const rest = extent % size;
  const joins = rest > 0 && extent > size && size + rest <= most;
  const whole = extent - rest - (joins ? size : 0);
  block.for(stem, whole, (inner, start) => body(inner, { start, count: size }), size);
  if (whole < extent) body(block, { start: index(whole), count: extent - whole });
}
