/**
 * The transformed filter of Winograd's minimal filtering, in the order in which its contractions read it.
 * It takes 16/9 or 4 times the memory of the filter, and so is made when a module is loaded: the weights
 * that are shipped are the filter itself.
 */

import { add, index, load, mul } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { forTiles } from '../schedule/nest-tiles.js';
import { overLanes } from '../schedule/over-lanes.js';
import type { Convolution } from './convolution-shape.js';
import type { KernelContext } from './rule.js';
import { planeLength } from './winograd-planes.js';
import { pointsOf, type TileSide, transformFilter, transformTile } from './winograd-transforms.js';

/** The weight at a point, of a column of the panel that begins with output channel `start`. */
export type ReadPoint = (point: Expr, start: Expr, k: Expr, column: Expr) => Expr;

/** Prepares G g Gᵀ of each filter as `[point][panel][input channel][column]`. */
export function prepareFilter(
  context: KernelContext,
  { inputs, outputs }: Convolution,
  side: TileSide,
  width: number,
): ReadPoint {
  const points = pointsOf(side);
  const plane = planeLength(Math.ceil(outputs / width) * inputs * width);
  const placeOf: (...at: Parameters<ReadPoint>) => Expr = (point, start, k, column) =>
    add(
      add(mul(point, index(plane)), mul(start, index(inputs))),
      add(mul(k, index(width)), column),
    );
  const u = context.prepare({
    stem: 'u',
    kernel: 'winograd_filter',
    length: points ** 2 * plane,
    input: 1,
    write: (block, from, to) =>
      forTiles(block, 'o', outputs, width, (perPanel, { start, count }) =>
        perPanel.for('k', inputs, (perInput, k) =>
          overLanes(perInput, count, context.target.lanes, (inner, columns) => {
            for (const column of columns) {
              const place = (row: Expr, at: Expr): Expr =>
                placeOf(add(mul(row, index(points)), at), start, k, column);
              transformTile(inner, transformFilter(side), {
                side: taps,
                read: (row, tap) => from.read(inner, [add(start, column), k, row, tap]),
                between: { param: to.param, place },
                rows: index(points),
                write: (perRow, row, values) => {
                  values.forEach((value, at) => {
                    perRow.store(to.param, place(row, index(at)), value);
                  });
                },
              });
            }
          }),
        ),
      ),
  });
  return (...at) => load(u, 'float32', placeOf(...at));
}

/** Of the filter along each axis. */
const taps = 3;
