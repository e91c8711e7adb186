/** Loops over the tiles and channels of a band of Winograd's minimal filtering. */

import type { Block } from '../block.js';
import { add, index, mul, sub } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import type { Tile } from '../schedule/nest-tiles.js';
import { minIndex } from './index-math.js';
import type { Window } from './window.js';
import type { TileSide } from './winograd-transforms.js';

/** Where the tiles of a band stand. */
export interface BandPlace {
  readonly n: Expr;
  readonly side: TileSide;
  readonly rows: Window;
  readonly across: Window;
  /** Rows of tiles. */
  readonly band: Tile;
}

/** One tile: its number in the band, its first pixel, and how many of its pixels exist. */
export interface TilePlace {
  readonly tile: Expr;
  readonly y: Expr;
  readonly x: Expr;
  readonly height: Expr;
  readonly width: number;
}

/** Loops over the tiles of a band, those that overhang the image's right edge apart from the others. */
export function overTiles(
  block: Block,
  { side, rows, across, band }: BandPlace,
  body: (inner: Block, place: TilePlace) => void,
): void {
  const inRow = Math.ceil(across.output / side);
  block.for('ty', band.count, (perRow, ty) => {
    const y = mul(add(band.start, ty), index(side));
    const overhangs = rows.output % side > 0;
    const height = overhangs
      ? perRow.let('h', minIndex(index(side), sub(index(rows.output), y)))
      : index(side);
    overRuns(perRow, 'tx', across.output, side, (inner, tx, width) =>
      body(inner, {
        tile: add(mul(ty, index(inRow)), tx),
        y,
        x: mul(tx, index(side)),
        height,
        width,
      }),
    );
  });
}

/** Runs of `size` positions by their number, then the rest as one run that is shorter. */
function overRuns(
  block: Block,
  stem: string,
  extent: number,
  size: number,
  body: (inner: Block, run: Expr, count: number) => void,
): void {
  const whole = Math.floor(extent / size);
  block.for(stem, whole, (inner, run) => body(inner, run, size));
  if (extent % size > 0) body(block, index(whole), extent % size);
}

/** Channels side by side in vectors, and those that are left over one by one. */
export function overChannels(
  block: Block,
  channels: number,
  lanes: number,
  body: (inner: Block, channel: Expr) => void,
): void {
  const whole = lanes > 1 ? channels - (channels % lanes) : 0;
  const vectors = (outer: Block, c: Expr): void =>
    outer.lanes('v', lanes, (inner, lane) => body(inner, add(c, lane)));
  block.for('c', whole, vectors, lanes);
  block.for('c', channels, body, 1, whole);
}
