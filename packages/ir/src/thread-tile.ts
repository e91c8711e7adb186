/**
 * The tiles in which threads compute a depthwise convolution and the pointwise one after it: each thread
 * makes a run of pixels of one row for some of the output channels. It filters one channel of its pixels
 * after another and adds what it has filtered to all of its sums, so that nothing lies between.
 *
 *     for each row, run of pixels, and tile of output channels:
 *       for each channel:
 *         filtered ← depthwise of the pixels of the run
 *         sums ← sums + filtered · weights of the tile
 *       output ← activation of the sums
 *
 * What is filtered is filtered once for each tile of output channels.
 */

import { divisorsUpTo } from './divisors.js';
import type { SeparableShape } from './workgroup-tile.js';

type FilterAndMix = SeparableShape & { readonly outputs: number };

export interface ThreadTile {
  /** Pixels of a row; they divide the columns. */
  readonly run: number;
  /** Output channels; they divide those of the op, and are whole vectors. */
  readonly outputs: number;
  /** Of one image. */
  readonly threads: number;
  /** All that the threads of an image do, in multiply-adds of a pointwise convolution. */
  readonly work: number;
}

const lanes = 4;
/** Sums that a thread keeps in registers. */
const mostSums = 96;
const mostRun = 8;

/** The tile that takes the least time where so many threads run at once; undefined where there is none. */
export function planThreadTile(
  { outputs, ...rest }: SeparableShape,
  busyThreads: number,
): ThreadTile | undefined {
  if (outputs === undefined || outputs % lanes !== 0) return undefined;
  const shape = { ...rest, outputs };
  let best: { readonly tile: ThreadTile; readonly time: number } | undefined;
  for (const run of divisorsUpTo(shape.columns, mostRun)) {
    for (const vectors of divisorsUpTo(shape.outputs / lanes, mostSums / lanes / run)) {
      const tile = tileOf(shape, run, vectors * lanes);
      const time = tile.work * Math.max(1, busyThreads / tile.threads);
      if (best === undefined || time < best.time) best = { tile, time };
    }
  }
  return best?.tile;
}

function tileOf(shape: FilterAndMix, run: number, outputs: number): ThreadTile {
  const threads = shape.rows * (shape.columns / run) * (shape.outputs / outputs);
  const work = (threads * shape.channels * stepsOf(shape, run, outputs)) / stepsOfProduct;
  return { run, outputs, threads, work };
}

/** Loads and multiply-adds for each multiply-add of a register tile of 4 pixels by 4 outputs. */
const stepsOfProduct = (4 + 4 + 4 * 4) / (4 * 4);

/** Loads of pixels and of both filters, and multiply-adds, that a thread does for each channel. */
function stepsOf({ windows: [rows, columns] }: FilterAndMix, run: number, outputs: number): number {
  const seen = (run - 1) * columns.stride + (columns.kernel - 1) * columns.dilation + 1;
  const taps = rows.kernel * columns.kernel;
  return rows.kernel * seen + taps + run * taps + outputs + run * outputs;
}
