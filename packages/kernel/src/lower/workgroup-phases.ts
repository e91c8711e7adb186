/**
 * What the threads of a workgroup do for a tile of a separable convolution, phase by phase. Each phase is
 * a nest of loops whose turns they share out; `workgroup-separable.ts` has the order.
 */

import type { SeparableStages, WorkgroupTile } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, binary, index, literal, load, mul, select } from '../expr.js';
import type { Expr, Variable } from '../loop-ir.js';
import { range } from '../schedule/contraction.js';
import { forTerms } from '../schedule/nest-loops.js';
import { forTiles } from '../schedule/nest-tiles.js';
import { applyActivation } from './activation.js';
import { loadFrom } from './convolution-shape.js';
import { compare, inputDims, outputDims } from './index-math.js';
import type { KernelContext } from './rule.js';
import { biasInput, biasOf, columnsSeen, type Filters, storeOutput } from './separable-parts.js';
import type { Window } from './window.js';

/** All that the phases share. */
export interface Tiling {
  readonly context: KernelContext;
  readonly stages: SeparableStages;
  readonly tile: WorkgroupTile;
  readonly windows: readonly [rows: Window, columns: Window];
  readonly channels: number;
  readonly filters: Filters;
  /** [seen row][seen column][channel of the chunk]; undefined where the input is filtered itself. */
  readonly expanded: string | undefined;
  /** [pixel][channel of the chunk]; undefined where what is filtered is the output. */
  readonly filtered: string | undefined;
  /** [pixel][output of the tile]; undefined where sums are locals. */
  readonly sums: string | undefined;
}

/** Where a workgroup stands: its image, the first of its output pixels and channels. */
export interface TilePlace {
  readonly n: Expr;
  readonly row: Expr;
  readonly column: Expr;
  readonly output: Expr;
}

type Inner = (block: Block, at: Expr) => void;

/** Sums begin at zero; their bias comes last. */
export function clearSums({ tile }: Tiling, sums: string, block: Block): void {
  const length = tile.rows * tile.columns * tile.outputs;
  block.for(
    'i',
    length,
    (inner, at) =>
      inVectors(inner, (lane, v) => {
        lane.store(sums, add(at, v), literal('float32', 0));
      }),
    lanes,
  );
}

/** The input pixels that the tile sees, expanded; zeros where they lie outside of the image. */
export function expandSeen(tiling: Tiling, block: Block, place: TilePlace, chunk: Expr): void {
  const { context, stages, tile, windows, channels, filters, expanded } = tiling;
  const { expand } = stages;
  if (expand === undefined || expanded === undefined) return;
  const x = context.memory(0);
  const inputs = inputDims(expand, 0)[1] ?? 1;
  const [rows, columns] = windows;
  const { termsTogether = 1 } = context.target;
  block.for('y', tile.seenRows, (perRow, y) => {
    forTiles(perRow, 'x', tile.seenColumns, tile.run, (perRun, { start, count }) => {
      overChunk(perRun, tile.chunk, (lane, c) => {
        const channel = add(chunk, c);
        const row = positionIn(lane, rows, place.row, y);
        const pixels = range(count).map((i) =>
          positionIn(lane, columns, place.column, add(start, index(i))),
        );
        const bias = biasOf(context, biasInput.expand, lane, channel);
        const sums = range(count).map((i) => lane.local(`s${i}`, 'float32', bias));
        forTerms(lane, inputs, termsTogether, (deepest, k) => {
          const at = add(mul(k, index(channels)), channel);
          const w = deepest.let('w', load(filters.expand, 'float32', at));
          pixels.forEach(({ clamped }, i) => {
            const a = deepest.let('a', loadFrom(x, [place.n, k, row.clamped, clamped]));
            accumulate(deepest, sums[i], a, w);
          });
        });
        sums.forEach((sum, i) => {
          const value = applyActivation(context.stage(expand, lane), lane, sum);
          const isInside = binary('and', row.isInside, pixels[i]?.isInside ?? row.isInside);
          const pixel = add(mul(y, index(tile.seenColumns)), add(start, index(i)));
          lane.store(
            expanded,
            add(mul(pixel, index(tile.chunk)), c),
            select(isInside, value, literal('float32', 0)),
          );
        });
      });
    });
  });
}

interface Position {
  readonly clamped: Expr;
  readonly isInside: Expr;
}

/** Where the `at`-th seen position of an axis lies in the image; the nearest one where it does not. */
function positionIn(
  block: Block,
  { input, stride, padBefore }: Window,
  first: Expr,
  at: Expr,
): Position {
  const position = block.let('at', add(add(mul(first, index(stride)), at), index(-padBefore)));
  const isInside = binary(
    'and',
    compare('ge', position, index(0)),
    compare('lt', position, index(input)),
  );
  const clamped = binary('min', binary('max', position, index(0)), index(input - 1));
  return { clamped: block.let('inside', clamped), isInside };
}

export function filterTile(tiling: Tiling, block: Block, place: TilePlace, chunk: Expr): void {
  const { context, stages, tile, windows, channels, filters, expanded, filtered } = tiling;
  const { depthwise } = stages;
  const [rows, columns] = windows;
  const x = context.memory(0);
  const y = context.destination(0);
  const read = (row: Expr, column: Expr, channel: Expr, c: Expr): Expr => {
    if (expanded !== undefined) {
      const pixel = add(mul(row, index(tile.seenColumns)), column);
      return load(expanded, 'float32', add(mul(pixel, index(tile.chunk)), c));
    }
    const inImage = (window: Window, first: Expr, at: Expr): Expr =>
      add(add(mul(first, index(window.stride)), at), index(-window.padBefore));
    const at = [inImage(rows, place.row, row), inImage(columns, place.column, column)];
    return loadFrom(x, [place.n, channel, ...at]);
  };
  block.for('y', tile.rows, (perRow, row) => {
    perRow.for(
      'x',
      tile.columns,
      (perRun, first) => {
        overChunk(perRun, tile.chunk, (lane, c) => {
          const channel = add(chunk, c);
          const bias = biasOf(context, biasInput.depthwise, lane, channel);
          const sums = range(tile.run).map((i) => lane.local(`s${i}`, 'float32', bias));
          lane.for('ky', rows.kernel, (perTap, tapRow) => {
            const weights = range(columns.kernel).map((tap) => {
              const at = add(mul(tapRow, index(columns.kernel)), index(tap));
              const place = add(mul(at, index(channels)), channel);
              return perTap.let(`w${tap}`, load(filters.depthwise, 'float32', place));
            });
            const seenRow = add(mul(row, index(rows.stride)), mul(tapRow, index(rows.dilation)));
            for (const offset of columnsSeen(columns, tile.run)) {
              const column = add(mul(first, index(columns.stride)), index(offset));
              const value = perTap.let(`x${offset}`, read(seenRow, column, channel, c));
              sums.forEach((sum, i) => {
                const tap = (offset - i * columns.stride) / columns.dilation;
                accumulate(perTap, sum, value, weights[tap]);
              });
            }
          });
          sums.forEach((sum, i) => {
            const column = add(first, index(i));
            if (filtered === undefined) {
              const at = [add(place.row, row), add(place.column, column)];
              storeOutput(context, lane, depthwise, y, [place.n, channel, ...at], sum);
              return;
            }
            const pixel = add(mul(row, index(tile.columns)), column);
            const value = applyActivation(context.stage(depthwise, lane), lane, sum);
            lane.store(filtered, add(mul(pixel, index(tile.chunk)), c), value);
          });
        });
      },
      tile.run,
    );
  });
}

export function mixTile(tiling: Tiling, block: Block, place: TilePlace, chunk: Expr): void {
  const { context, stages, tile, filters, filtered, sums } = tiling;
  const { pointwise } = stages;
  if (pointwise === undefined || filtered === undefined) return;
  const outputs = outputDims(pointwise, 0)[1] ?? 1;
  const { termsTogether = 1 } = context.target;
  overPixels(block, tile, (perRun, row, column) => {
    overOutputs(perRun, tile, (lane, o) => {
      const channel = add(place.output, o);
      const first = add(mul(row, index(tile.columns)), column);
      const pixels = range(tile.run).map((i) => add(first, index(i)));
      const sumAt = (pixel: Expr): Expr => add(mul(pixel, index(tile.outputs)), o);
      const bias =
        sums === undefined ? biasOf(context, biasInput.pointwise, lane, channel) : undefined;
      const locals = pixels.map((pixel, i) => {
        const begin = bias ?? load(sums ?? '', 'float32', sumAt(pixel));
        return lane.local(`s${i}`, 'float32', begin);
      });
      forTerms(lane, tile.chunk, termsTogether, (deepest, k) => {
        const at = add(mul(add(chunk, k), index(outputs)), channel);
        const w = deepest.let('w', load(filters.pointwise, 'float32', at));
        pixels.forEach((pixel, i) => {
          const from = add(mul(pixel, index(tile.chunk)), k);
          accumulate(deepest, locals[i], deepest.let('a', load(filtered, 'float32', from)), w);
        });
      });
      locals.forEach((sum, i) => {
        const pixel = pixels[i] ?? first;
        if (sums !== undefined) lane.store(sums, sumAt(pixel), sum);
        else storePixel(tiling, lane, place, row, add(column, index(i)), channel, sum);
      });
    });
  });
}

export function storeSums(tiling: Tiling, sums: string, block: Block, place: TilePlace): void {
  const { context, tile } = tiling;
  overPixels(block, { ...tile, run: 1 }, (perPixel, row, column) => {
    overOutputs(perPixel, tile, (lane, o) => {
      const channel = add(place.output, o);
      const pixel = add(mul(row, index(tile.columns)), column);
      const sum = load(sums, 'float32', add(mul(pixel, index(tile.outputs)), o));
      const bias = biasOf(context, biasInput.pointwise, lane, channel);
      storePixel(tiling, lane, place, row, column, channel, add(sum, bias));
    });
  });
}

function storePixel(
  { context, stages }: Tiling,
  block: Block,
  place: TilePlace,
  row: Expr,
  column: Expr,
  channel: Expr,
  sum: Expr,
): void {
  const { pointwise } = stages;
  if (pointwise === undefined) return;
  const at = [place.n, channel, add(place.row, row), add(place.column, column)];
  storeOutput(context, block, pointwise, context.destination(0), at, sum);
}

function overPixels(
  block: Block,
  { rows, columns, run }: Pick<WorkgroupTile, 'rows' | 'columns' | 'run'>,
  body: (inner: Block, row: Expr, column: Expr) => void,
): void {
  block.for('y', rows, (perRow, row) =>
    perRow.for('x', columns, (perRun, column) => body(perRun, row, column), run),
  );
}

function overOutputs(block: Block, { outputs }: WorkgroupTile, body: Inner): void {
  overChunk(block, outputs, body);
}

/** Channels from 0 to `count`, four in the lanes of a vector. */
function overChunk(block: Block, count: number, body: Inner): void {
  block.for(
    'q',
    count,
    (inner, first) => inVectors(inner, (lane, v) => body(lane, add(first, v))),
    lanes,
  );
}

function inVectors(block: Block, body: Inner): void {
  block.lanes('v', lanes, body);
}

const lanes = 4;

function accumulate(block: Block, sum: Variable | undefined, x: Expr, w: Expr | undefined): void {
  if (sum !== undefined && w !== undefined) block.assign(sum, add(sum, mul(x, w)));
}
