/**
 * The tiles in which many threads compute a `SeparableConv`: each workgroup makes a rectangle of output
 * pixels for some of the output channels, and keeps what lies between the convolutions in the memory
 * that its threads share, some channels at a time.
 *
 *     for each tile of pixels, and of output channels:
 *       for each chunk of channels:
 *         [expanded ← expand of the input pixels that the tile sees]
 *         filtered ← depthwise of the input or of what is expanded
 *         sums ← sums + pointwise of what is filtered
 *       output ← activation of the sums
 *
 * Neighbouring tiles see some pixels both, which are expanded twice; tiles of the same pixels filter them
 * once for each tile of output channels.
 */

import { bandRowsOf } from './band-rows.js';
import { divisorsUpTo, largestDivisor } from './divisors.js';
import type { WindowAxis } from './forms/same-padding.js';

/** Of one image. */
export interface SeparableShape {
  /** Output rows and columns, and the windows of the depthwise convolution along them. */
  readonly rows: number;
  readonly columns: number;
  readonly windows: readonly [rows: WindowAxis, columns: WindowAxis];
  /** Channels of the input of the expansion; undefined where there is none. */
  readonly expandFrom: number | undefined;
  /** Channels that are filtered. */
  readonly channels: number;
  /** Channels of the output of the pointwise convolution; undefined where there is none. */
  readonly outputs: number | undefined;
}

export interface WorkgroupLimits {
  /** Threads that are started together. */
  readonly workgroupSize: number;
  /** Of the memory that the threads of a workgroup share. */
  readonly sharedBytes: number;
}

export interface WorkgroupTile {
  readonly rows: number;
  readonly columns: number;
  /** Neighbouring pixels that a thread computes together; they divide the columns. */
  readonly run: number;
  /** Channels of a chunk; they divide all channels. */
  readonly chunk: number;
  /** Output channels; they divide those of the op. */
  readonly outputs: number;
  /** Input pixels that the tile sees. */
  readonly seenRows: number;
  readonly seenColumns: number;
  /** Of all images together it is as many times more. */
  readonly workgroups: number;
  /** Multiply-adds of an image, those that several workgroups do alike counted each time. */
  readonly macs: number;
}

/** Channels are taken in vectors of so many. */
const lanes = 4;
/** The most pixels that a thread computes together, each in a vector of sums. */
const mostRun = 8;
/** Beyond these a tile has enough of everything. */
const mostSide = 16;
const mostChunk = 64;
const mostOutputs = 128;

/** The tile that takes the least time, or undefined where none fits or channels are no whole vectors. */
export function planWorkgroupTile(
  shape: SeparableShape,
  limits: WorkgroupLimits,
): WorkgroupTile | undefined {
  const { channels, outputs = lanes } = shape;
  if (channels % lanes !== 0 || outputs % lanes !== 0) return undefined;
  let best: { readonly tile: WorkgroupTile; readonly time: number } | undefined;
  for (const rows of divisorsUpTo(shape.rows, mostSide)) {
    for (const columns of divisorsUpTo(shape.columns, mostSide)) {
      for (const some of vectorsOf(outputs, mostOutputs)) {
        for (const chunk of vectorsOf(channels, mostChunk)) {
          const tile = tileOf(shape, { rows, columns, chunk, outputs: some });
          if (sharedFloats(shape, tile) * 4 > limits.sharedBytes) continue;
          const time = timeOf(shape, tile, limits);
          if (best === undefined || time < best.time) best = { tile, time };
        }
      }
    }
  }
  return best?.tile;
}

type Sizes = Pick<WorkgroupTile, 'rows' | 'columns' | 'chunk' | 'outputs'>;

function tileOf(shape: SeparableShape, sizes: Sizes): WorkgroupTile {
  const { rows, columns, outputs } = sizes;
  const [rowWindow, columnWindow] = shape.windows;
  const seenRows = seenBy(rowWindow, rows);
  const seenColumns = seenBy(columnWindow, columns);
  const pixelTiles = (shape.rows / rows) * (shape.columns / columns);
  const outputTiles = (shape.outputs ?? outputs) / outputs;
  const work = workOf(shape, { ...sizes, seenRows, seenColumns });
  const macsOfTile = (work.expand + work.filter) * shape.channels + work.mix * shape.channels;
  return {
    ...sizes,
    run: largestDivisor(columns, mostRun),
    seenRows,
    seenColumns,
    workgroups: pixelTiles * outputTiles,
    macs: macsOfTile * pixelTiles * outputTiles,
  };
}

/** The multiply-adds of a tile for each of its channels. */
function workOf(
  { expandFrom = 0, windows: [rows, columns], outputs }: SeparableShape,
  tile: Sizes & Pick<WorkgroupTile, 'seenRows' | 'seenColumns'>,
) {
  const pixels = tile.rows * tile.columns;
  return {
    expand: tile.seenRows * tile.seenColumns * expandFrom,
    filter: pixels * rows.kernel * columns.kernel,
    mix: outputs === undefined ? 0 : pixels * tile.outputs,
  };
}

/** Input pixels from the first to the last that some output pixel sees. */
function seenBy(window: WindowAxis, pixels: number): number {
  const { slots, ahead } = bandRowsOf(window, pixels);
  return ahead > 0 ? slots : slots - window.stride + (window.kernel - 1) * window.dilation + 1;
}

/** The floats that the threads of a workgroup share. */
function sharedFloats(shape: SeparableShape, tile: WorkgroupTile): number {
  const pixels = tile.rows * tile.columns;
  const expanded = shape.expandFrom === undefined ? 0 : tile.seenRows * tile.seenColumns;
  const filtered = shape.outputs === undefined ? 0 : pixels;
  const isSummed = filtered > 0 && tile.chunk < shape.channels;
  return (expanded + filtered) * tile.chunk + (isSummed ? pixels * tile.outputs : 0);
}

/**
 * In multiply-adds of vectors. Each term of a run of sums takes a load of the filter and, four terms
 * together, one of each pixel; threads that a phase leaves over wait; and beyond so many workgroups at
 * once the others wait.
 */
function timeOf(
  shape: SeparableShape,
  tile: WorkgroupTile,
  { workgroupSize }: WorkgroupLimits,
): number {
  const { run, chunk, outputs } = tile;
  const [rows, columns] = shape.windows;
  const runsOf = (pixels: number): number => Math.ceil(pixels / run);
  const rounds = (tasks: number): number => Math.ceil(tasks / workgroupSize);
  const product = (terms: number): number => terms * (run * 1.25 + 2) + 2 * run;
  const vectors = chunk / lanes;
  const runs = tile.rows * runsOf(tile.columns);
  const { expandFrom } = shape;
  const expand =
    expandFrom === undefined
      ? 0
      : rounds(tile.seenRows * runsOf(tile.seenColumns) * vectors) * product(expandFrom) + waiting;
  const perRow = run * columns.kernel + columns.kernel + seenBy(columns, run);
  const filter = rounds(runs * vectors) * (rows.kernel * perRow + 2 * run) + waiting;
  const mix =
    shape.outputs === undefined ? 0 : rounds(runs * (outputs / lanes)) * product(chunk) + waiting;
  const perWorkgroup = (expand + filter + mix) * (shape.channels / chunk);
  return perWorkgroup * Math.max(1, tile.workgroups / workgroupsAtOnce);
}

/** What a phase takes until the last of its threads is done. */
const waiting = 20;
const workgroupsAtOnce = 24;

function vectorsOf(n: number, most: number): number[] {
  return divisorsUpTo(n / lanes, most / lanes).map((vectors) => vectors * lanes);
}
