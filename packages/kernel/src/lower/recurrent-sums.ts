/** The products of a step: the state of some sequences by some of the rows of R, as register tiles. */

import type { Block } from '../block.js';
import { add, index, literal, load, mul } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import type { Capabilities } from '../schedule/capabilities.js';
import { writeContraction } from '../schedule/contraction.js';
import { forTerms } from '../schedule/nest-loops.js';
import { forTiles, nestTiles, type Tile } from '../schedule/nest-tiles.js';
import { planTile, type TilePlan } from '../schedule/tile-plan.js';
import { placeInPanels } from './pack-filter.js';
import type { Plane } from './recurrent-planes.js';
import type { KernelContext } from './rule.js';
import { arithmeticType } from './scalar-types.js';

/** Sequences that are walked together, neighbours in the batch. */
export interface Batch {
  readonly start: Expr;
  readonly count: number;
}

/** Some rows of R in one direction, the columns of a product. */
export interface Rows {
  readonly direction: number;
  readonly first: number;
  readonly count: number;
}

const [recurrence, biases] = [1, 2] as const;

/** The tiles in which all sequences of a batch are multiplied at once. */
export function tileOfBatch(target: Capabilities, batch: number, { count }: Rows, depth: number) {
  return planTile(target, { rows: batch, outerRows: 1, columns: count, depth });
}

/** The tiles of one sequence that the threads of a workgroup share out: two at least, and no rest. */
export function tileOfWorkgroup({ lanes }: Capabilities, { count }: Rows): TilePlan {
  const columns = count % lanes === 0 && count > lanes ? lanes : 1;
  return { rows: 1, mostRows: 1, columns, panel: count, columnsOutside: false };
}

/**
 * Writes sums[n, column] = bias + Σ state[n, k] · R[first + column, k] into a block. What a constant R has in
 * these rows is packed once, in the order in which tiles read it, however often the function is called.
 */
export function sumsWriter(
  context: KernelContext,
  rows: Rows,
  plan: TilePlan,
): (block: Block, state: Plane, sums: Plane, sequences: Batch) => void {
  const { target } = context;
  const [, allRows = 0, depth = 0] = context.inputDims(recurrence);
  const type = arithmeticType(context.operand(recurrence).dtype);
  const readR = rowReader(context, rows, depth, plan.panel);
  return (block, state, sums, { start, count }) =>
    nestTiles<Tile, Tile>(
      block,
      plan.columnsOutside,
      (outer, body) => forTiles(outer, 'r', count, plan.rows, body, plan.mostRows),
      (outer, body) => forTiles(outer, 'o', rows.count, plan.columns, body),
      (tile, row, column) =>
        writeContraction(tile, {
          rows: row.count,
          columns: column.count,
          lanes: target.lanes,
          init: (inner, j) => {
            if (!context.has(biases)) return literal(type, 0);
            const at = add(add(column.start, j), index(allRows + rows.first));
            return context.operand(biases).read(inner, [index(rows.direction), at]);
          },
          reduce: (inner, body) =>
            forTerms(inner, depth, target.termsTogether ?? 1, (deepest, k) => body(deepest, [k])),
          a: (_, i, [k = index(0)]) => state.load(add(add(start, row.start), index(i)), k),
          b: (inner, j, [k = index(0)]) => readR(inner, k, column.start, j),
          store: (inner, i, j, sum) =>
            sums.store(inner, add(add(start, row.start), i), add(column.start, j), sum),
        }),
    );
}

type ReadRow = (block: Block, k: Expr, start: Expr, column: Expr) => Expr;

/** A constant R lies in panels of columns, `[panel][k][column]`, the last one filled with zeros. */
function rowReader(
  context: KernelContext,
  { direction, first, count }: Rows,
  depth: number,
  width: number,
): ReadRow {
  const [, allRows = 0] = context.inputDims(recurrence);
  const data = context.constantData(recurrence);
  if (data === undefined) {
    const r = context.operand(recurrence);
    return (block, k, start, column) =>
      r.read(block, [index(direction), add(add(start, column), index(first)), k]);
  }
  const panels = Math.ceil(count / width);
  const param = context.packFloats('r', panels * depth * width, (packed) => {
    for (let column = 0; column < count; column++) {
      const from = (direction * allRows + first + column) * depth;
      const to = Math.floor(column / width) * depth * width + (column % width);
      for (let k = 0; k < depth; k++) packed[to + k * width] = data[from + k] ?? 0;
    }
  });
  return (_, k, start, column) => {
    const inPanel = add(mul(k, index(width)), column);
    return load(param, 'float32', placeInPanels(inPanel, start, panels, depth));
  };
}
