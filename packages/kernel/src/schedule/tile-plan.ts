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
  /** The columns of B that lie together for each step in depth, where B can be packed. */
  readonly panel: number;
  /** The loop over columns is the outer one: a panel of B stays in cache while rows go by. */
  readonly columnsOutside: boolean;
}

export function planTile(target: Capabilities, shape: ContractionShape): TilePlan {
  const { rows, columns } = tileOf(target, shape);
  const bytesOfA = shape.rows * shape.outerRows * shape.depth * 4;
  const bytesOfB = shape.columns * shape.depth * 4;
  if (target.grid !== undefined) {
    const threads = (shape.rows * shape.outerRows * shape.columns) / columns;
    const tall = rowsOnGrid(shape.rows, rows, threads / target.grid.busyThreads);
    // Neighbouring threads compute neighbouring columns: what they load of B lies side by side.
    const panel = target.lanes * Math.ceil(shape.columns / target.lanes);
    return { rows: tall, mostRows: tall, columns, panel, columnsOutside: false };
  }
  return {
    rows,
    mostRows: rows + 1,
    columns,
    panel: columns,
    columnsOutside: bytesOfB > target.cacheBytes && bytesOfB > bytesOfA,
  };
}

/**
 * As many rows as divide them all, up to twice those of the tile and to `most`, which leaves threads
 * enough. A rest would be a nest of its own.
 */
function rowsOnGrid(extent: number, rows: number, most: number): number {
  for (let tall = 2 * rows; tall > 1; tall--) {
    if (extent % tall === 0 && (tall <= most || tall <= rows / 2)) return tall;
  }
  return rows;
}

/** With vectors, what a short axis leaves free goes to the other one: so many sums stay in flight. */
function tileOf(
  { tileRows, tileColumns, lanes }: Capabilities,
  shape: ContractionShape,
): { readonly rows: number; readonly columns: number } {
  const rows = Math.max(1, Math.min(tileRows, shape.rows));
  const columns = Math.max(1, Math.min(tileColumns, shape.columns));
  if (lanes === 1) return { rows, columns };
  const vectors = (tileRows * tileColumns) / lanes;
  if (rows < tileRows) {
    const wider = lanes * Math.floor(vectors / rows);
    return { rows, columns: Math.max(columns, Math.min(wider, shape.columns)) };
  }
  const taller = Math.floor(vectors / Math.ceil(columns / lanes));
  return { rows: Math.max(rows, Math.min(taller, shape.rows)), columns };
}
