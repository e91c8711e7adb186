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
  readonly columns: number;
  /** The loop over columns is the outer one: a panel of B stays in cache while rows go by. */
  readonly columnsOutside: boolean;
}

export function planTile(target: Capabilities, shape: ContractionShape): TilePlan {
  const columns = Math.min(target.tileColumns, shape.columns);
  const rows = bestRows(target.tileRows, shape.rows);
  const bytesOfA = shape.rows * shape.outerRows * shape.depth * 4;
  const bytesOfB = shape.columns * shape.depth * 4;
  return { rows, columns, columnsOutside: bytesOfB > target.cacheBytes && bytesOfB > bytesOfA };
}

/** The target's own number of rows, or one more or less where that leaves fewer rows over. */
function bestRows(wanted: number, extent: number): number {
  const candidates = [wanted, wanted + 1, wanted - 1].filter((rows) => rows >= 1);
  const fits = candidates.find((rows) => extent % rows === 0);
  return Math.min(fits ?? wanted, extent);
}
