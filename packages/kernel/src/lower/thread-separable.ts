/**
 * Depthwise convolution and the pointwise one after it for targets with a grid, in threads that share
 * nothing: `planThreadTile` says what each makes, and draws the loops. A thread filters one channel at a
 * time, in scalars, and its sums are vectors of output channels.
 */

import { type SeparableStages, separableStages, type ThreadTile } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, index, load, mul } from '../expr.js';
import type { Expr, Variable } from '../loop-ir.js';
import { range } from '../schedule/contraction.js';
import { forTerms } from '../schedule/nest-loops.js';
import { applyActivation } from './activation.js';
import { loadFrom } from './convolution-shape.js';
import { outputDims } from './index-math.js';
import type { KernelContext } from './rule.js';
import {
  biasInput,
  biasOf,
  columnsSeen,
  type Filters,
  packFilters,
  storeOutput,
  windowsOfFilter,
} from './separable-parts.js';
import { macsOfStage } from './stage-shape.js';
import type { Window } from './window.js';

interface Tiling {
  readonly context: KernelContext;
  readonly stages: SeparableStages;
  readonly tile: ThreadTile;
  readonly windows: readonly [rows: Window, columns: Window];
  readonly channels: number;
  readonly outputs: number;
  readonly filters: Filters;
}

/** Where a thread stands: its image and row, the first of its pixels and output channels. */
interface ThreadPlace {
  readonly n: Expr;
  readonly row: Expr;
  readonly column: Expr;
  readonly output: Expr;
}

export function writeThreadTiles(context: KernelContext, tile: ThreadTile): void {
  const stages = separableStages(context.node);
  const [rows, columns] = windowsOfFilter(stages.depthwise);
  if (rows === undefined || columns === undefined || stages.pointwise === undefined) {
    context.unsupported('has no two spatial axes');
    return;
  }
  const [images = 1, channels = 1] = outputDims(stages.depthwise, 0);
  const outputs = outputDims(stages.pointwise, 0)[1] ?? 1;
  const filters = packFilters(context);
  const tiling = {
    context,
    stages,
    tile,
    windows: [rows, columns],
    channels,
    outputs,
    filters,
  } as const;
  context.name('conv_separable');
  for (const stage of stages.inOrder) context.macs(macsOfStage(stage));
  context.block.for('n', images, (perImage, n) =>
    perImage.for('y', rows.output, (perRow, row) =>
      perRow.for(
        'x',
        columns.output,
        (perRun, column) =>
          perRun.for(
            'o',
            outputs,
            (block, output) => writeThread(tiling, block, { n, row, column, output }),
            tile.outputs,
          ),
        tile.run,
      ),
    ),
  );
}

function writeThread(tiling: Tiling, block: Block, place: ThreadPlace): void {
  const { context, stages, tile, channels, outputs, filters } = tiling;
  const { pointwise } = stages;
  if (pointwise === undefined) return;
  const { termsTogether = 1, lanes } = context.target;
  block.lanes('v', lanes, (lane, v) => {
    const vectors = range(tile.outputs / lanes).map((i) => add(index(i * lanes), v));
    const sums = range(tile.run).map((i) =>
      vectors.map((o, j) => {
        const bias = biasOf(context, biasInput.pointwise, lane, add(place.output, o));
        return lane.local(`s${i}${j}`, 'float32', bias);
      }),
    );
    forTerms(lane, channels, termsTogether, (inner, k) => {
      const filtered = filterRun(tiling, inner, place, k);
      vectors.forEach((o, j) => {
        const at = add(mul(k, index(outputs)), add(place.output, o));
        const w = inner.let('w', load(filters.pointwise, 'float32', at));
        filtered.forEach((value, i) => {
          const sum = sums[i]?.[j];
          if (sum !== undefined) inner.assign(sum, add(sum, mul(value, w)));
        });
      });
    });
    sums.forEach((line, i) => {
      line.forEach((sum, j) => {
        const channel = add(place.output, vectors[j] ?? v);
        const at = [place.n, channel, place.row, add(place.column, index(i))];
        storeOutput(context, lane, pointwise, context.destination(0), at, sum);
      });
    });
  });
}

/** One channel of the pixels of the run, filtered and activated. */
function filterRun(tiling: Tiling, block: Block, place: ThreadPlace, channel: Expr): Expr[] {
  const { context, stages, tile, windows, channels, filters } = tiling;
  const [rows, columns] = windows;
  const x = context.memory(0);
  const bias = biasOf(context, biasInput.depthwise, block, channel);
  const sums: Variable[] = range(tile.run).map((i) => block.local(`d${i}`, 'float32', bias));
  const inImage = (window: Window, first: Expr, offset: Expr): Expr =>
    add(add(mul(first, index(window.stride)), offset), index(-window.padBefore));
  const overRow = (inner: Block, tapRow: Expr): void => {
    const row = inImage(rows, place.row, mul(tapRow, index(rows.dilation)));
    const weights = range(columns.kernel).map((tap) => {
      const at = add(
        mul(add(mul(tapRow, index(columns.kernel)), index(tap)), index(channels)),
        channel,
      );
      return inner.let('f', load(filters.depthwise, 'float32', at));
    });
    for (const offset of columnsSeen(columns, tile.run)) {
      const column = inImage(columns, place.column, index(offset));
      const value = inner.let('x', loadFrom(x, [place.n, channel, row, column]));
      sums.forEach((sum, i) => {
        const weight = weights[(offset - i * columns.stride) / columns.dilation];
        if (weight !== undefined) inner.assign(sum, add(sum, mul(value, weight)));
      });
    }
  };
  if (rows.kernel > mostRowsWritten) block.for('ky', rows.kernel, overRow);
  else for (const tapRow of range(rows.kernel)) overRow(block, index(tapRow));
  const stage = context.stage(stages.depthwise, block);
  return sums.map((sum) => block.let('d', applyActivation(stage, block, sum)));
}

/** Rows of taps that are written out. */
const mostRowsWritten = 3;
