/**
 * Convolution by Winograd's minimal filtering: where a filter of 3 × 3 taps goes over all pixels, the
 * outputs of a square tile share so much of what they see that F(2 × 2, 3 × 3) takes 4 multiplications
 * for each, and F(4 × 4, 3 × 3) takes 2.25, of the 9 of the direct form.
 *
 *     for each band of output rows:
 *       V[point][tile][c] ← input transform of each tile and channel
 *       P[point][tile][k] ← V[point] · U[point], a contraction for each point
 *       output            ← output transform of each tile and channel, bias, residual, activation
 *
 * A tile of m × m outputs sees (m + 2)² inputs, and has as many points. Tiles at the end may overhang the
 * image: they read zeros, which the rule demands around the input, and write only pixels that exist.
 * The multiply-adds that the step reports are those of the direct form, so that rates compare.
 *
 * Source: Lavin & Gray (2015, arXiv 1509.09308); the transforms are in `winograd-transforms.ts`.
 */

import type { Block } from '../block.js';
import { add, index, literal, load, mul } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { writeContraction } from '../schedule/contraction.js';
import { nestLoops } from '../schedule/nest-loops.js';
import { forTiles, type Loops, nestTiles, type Tile } from '../schedule/nest-tiles.js';
import { planTile } from '../schedule/tile-plan.js';
import { applyActivation, placeOfActivation } from './activation.js';
import { type Convolution, loadFrom, placeIn } from './convolution-shape.js';
import type { KernelContext } from './rule.js';
import { inputPosition } from './window.js';
import { prepareFilter } from './winograd-filter.js';
import type { WinogradPlan } from './winograd-plan.js';
import { allocatePlanes, type Planes } from './winograd-planes.js';
import { type BandPlace, overChannels, overTiles } from './winograd-tiles.js';
import {
  pointsOf,
  type TileSide,
  transformInput,
  transformOutput,
  transformTile,
} from './winograd-transforms.js';

export function writeWinograd(
  context: KernelContext,
  convolution: Convolution,
  { side, bandRows }: WinogradPlan,
): void {
  const { windows, batch, inputs, outputs } = convolution;
  const [rows, across] = windows;
  if (rows === undefined || across === undefined) {
    context.unsupported('has no two spatial axes');
    return;
  }
  context.name('conv_winograd');
  const acrossTiles = Math.ceil(across.output / side);
  const tileRows = Math.ceil(rows.output / side);
  const mostTiles = Math.min(bandRows, tileRows) * acrossTiles;
  const points = pointsOf(side) ** 2;
  const v = allocatePlanes(context, 'v', points, mostTiles, inputs);
  const p = allocatePlanes(context, 'p', points, mostTiles, outputs);
  context.block.for('n', batch, (perImage, n) => {
    forTiles(perImage, 'r', tileRows, bandRows, (block, band) => {
      const place = { n, side, rows, across, band };
      const tiles = band.count * acrossTiles;
      writeInputs(context, convolution, v, block, place);
      writeProducts(context, convolution, block, { side, points, tiles, v, p });
      writeOutputs(context, convolution, p, block, place);
    });
  });
}

function writeInputs(
  { target }: KernelContext,
  { inputs, input }: Convolution,
  v: Planes,
  block: Block,
  place: BandPlace,
): void {
  const { n, side, rows, across } = place;
  const points = pointsOf(side);
  // What overhangs is transformed as the rest is.
  const whole = { ...place, across: { ...across, output: roundUp(across.output, side) } };
  overTiles(block, whole, (perTile, { tile, y, x }) =>
    overChannels(perTile, inputs, target.lanes, (inner, c) => {
      const placeOf = (row: Expr, column: Expr): Expr =>
        v.place(add(mul(row, index(points)), column), tile, c);
      transformTile(inner, transformInput(side), {
        side: points,
        read: (row, column) =>
          loadFrom(input, [n, c, inputPosition(rows, y, row), inputPosition(across, x, column)]),
        between: { param: v.param, place: placeOf },
        rows: index(points),
        write: (perRow, row, values) => {
          values.forEach((value, column) => {
            perRow.store(v.param, placeOf(row, index(column)), value);
          });
        },
      });
    }),
  );
}

interface Products {
  readonly side: TileSide;
  readonly points: number;
  readonly tiles: number;
  readonly v: Planes;
  readonly p: Planes;
}

function writeProducts(
  context: KernelContext,
  convolution: Convolution,
  block: Block,
  { side, points, tiles, v, p }: Products,
): void {
  const { inputs, outputs } = convolution;
  const plan = planTile(context.target, {
    rows: tiles,
    outerRows: 1,
    columns: outputs,
    depth: inputs,
  });
  const filter = prepareFilter(context, convolution, side, plan.columns);
  const rows: Loops<Tile> = (outer, body) =>
    forTiles(outer, 't', tiles, plan.rows, body, plan.mostRows);
  const columns: Loops<Tile> = (outer, body) => forTiles(outer, 'o', outputs, plan.columns, body);
  block.for('f', points, (perPoint, f) =>
    nestTiles(perPoint, true, rows, columns, (inner, row, column) =>
      writeContraction(inner, {
        rows: row.count,
        columns: column.count,
        lanes: context.target.lanes,
        init: () => literal('float32', 0),
        reduce: (deeper, body) => deeper.for('k', inputs, (deepest, k) => body(deepest, [k])),
        a: (_, i, [k = index(0)]) =>
          load(v.param, 'float32', v.place(f, add(row.start, index(i)), k)),
        b: (_, j, [k = index(0)]) => filter(f, column.start, k, j),
        store: (deeper, i, j, sum) =>
          deeper.store(p.param, p.place(f, add(row.start, i), add(column.start, j)), sum),
      }),
    ),
  );
}

function writeOutputs(
  context: KernelContext,
  { outputs, output, residual }: Convolution,
  p: Planes,
  block: Block,
  place: BandPlace,
): void {
  const points = pointsOf(place.side);
  const apart = placeOfActivation(context, outputs) !== 'sum';
  overTiles(block, place, (perTile, { tile, y, x, height, width }) => {
    overChannels(perTile, outputs, context.target.lanes, (inner, k) => {
      const bias = context.has(2) ? inner.let('i', context.operand(2).read(inner, [k])) : undefined;
      const placeOf = (row: Expr, column: Expr): Expr =>
        p.place(add(mul(row, index(points)), column), tile, k);
      transformTile(inner, transformOutput(place.side), {
        side: points,
        read: (row, column) => load(p.param, 'float32', placeOf(row, column)),
        between: { param: p.param, place: placeOf },
        rows: height,
        write: (perRow, row, values) => {
          values.slice(0, width).forEach((value, column) => {
            const to = [place.n, k, add(y, row), add(x, index(column))];
            const sum = bias === undefined ? value : add(value, bias);
            const total = residual === undefined ? sum : add(sum, loadFrom(residual, to));
            const result = apart ? total : applyActivation(context, perRow, total);
            perRow.store(output.param, placeIn(output, to), result);
          });
        },
      });
    });
    if (!apart) return;
    perTile.for('i', height, (perRow, row) =>
      nestLoops(perRow, [width, outputs], (inner, [column = index(0), k = index(0)]) => {
        const to = [place.n, k, add(y, row), add(x, column)];
        const at = inner.let('at', placeIn(output, to));
        const total = load(output.param, 'float32', at);
        inner.store(output.param, at, applyActivation(context, inner, total));
      }),
    );
  });
}

function roundUp(extent: number, size: number): number {
  return Math.ceil(extent / size) * size;
}
