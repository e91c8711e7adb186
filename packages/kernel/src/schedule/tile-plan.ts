/** Which register tile covers a contraction best, as a plain record. */

import type { Capabilities } from './capabilities.js';

export interface ContractionShape {
  /** Positions along the axis that is tiled into rows, and how often that axis is swept. */
  readonly rows: number;
  readonly outerRows: number;
  readonly columns: number;
  /** Terms of each sum. */
  readonly depth: number;
}

export interface TilePlan {
  readonly rows: number;
  /** A single row left over joins the last tile: a tile of one row loads too much for what it computes. */
  readonly mostRows: number;
  readonly columns: number;
  /** The loop over columns is the outer one: a panel of B stays in cache while rows go by. */
  readonly columnsOutside: boolean;
}

export function planTile(target: Capabilities, shape: ContractionShape): TilePlan {
  const columns = Math.max(1, Math.min(target.tileColumns, shape.columns));
  const rows = Math.max(1, Math.min(target.tileRows, shape.rows));
  const bytesOfA = shape.rows * shape.outerRows * shape.depth * 4;
  const bytesOfB = shape.columns * shape.depth * 4;
  return {
    rows,
    mostRows: rows + 1,
    columns,
    columnsOutside: bytesOfB > target.cacheBytes && bytesOfB > bytesOfA,
  };
}
