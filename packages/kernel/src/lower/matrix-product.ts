/** Batches of matrix products as contractions, each matrix through its view. */

import type { Block } from '../block.js';
import { add, index, load, mul } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { writeContraction } from '../schedule/contraction.js';
import { forTerms, nestLoops } from '../schedule/nest-loops.js';
import { forTiles, type Loops, nestTiles, type Tile } from '../schedule/nest-tiles.js';
import { planTile } from '../schedule/tile-plan.js';
import { positionOf, reshapeView, type View } from '../view.js';
import { activateImage } from './activate-image.js';
import { applyActivation, placeOfActivation } from './activation.js';
import { type Memory, partOf } from './convolution-shape.js';
import { placeInPanels } from './pack-filter.js';
import type { KernelContext } from './rule.js';
import { planSplit, type SplitPlan, writeSplitTile } from './split-product.js';

export interface Matrix {
  readonly param: string;
  /** Batch axes, then two. */
  readonly view: View;
}

/** C[…, M, N] = finish(Σ A[…, M, K] · B[…, K, N]), the same batch axes on all three. */
export interface Product {
  readonly a: Matrix;
  readonly b: Matrix;
  readonly c: Matrix;
  /** B's elements row-major, where B is one constant matrix for all batches. */
  readonly constantB: ((k: number, column: number) => number) | undefined;
  /** B in panels of so many columns, where terms are other than products of elements: one B, if it has no batches. */
  readonly packedB?: (width: number) => ReadColumn;
  /** What a term adds to its sum. Default: the product. */
  readonly term?: (a: Expr, b: Expr) => Expr;
  /** Whether `finish` needs to know the batch, whatever B is. */
  readonly keepsBatches?: boolean;
  /** What the sum of a column begins with. */
  init(block: Block, column: Expr): Expr;
  finish(block: Block, row: Expr, column: Expr, sum: Expr, batch: readonly Expr[]): Expr;
}

export function writeProduct(context: KernelContext, batched: Product): void {
  const product = mergeBatches(batched);
  const { a, c } = product;
  const batch = c.view.dims.slice(0, -2);
  const [m = 1, n = 1] = c.view.dims.slice(-2);
  const depth = a.view.dims.at(-1) ?? 1;
  const batches = batch.reduce((count, dim) => count * dim, 1);
  const split = planSplit(context.target, { batches, rows: m, columns: n, depth });
  if (split !== undefined && isOfFloats(product)) {
    context.macs(batches * m * n * depth);
    writeSplit(context, product, split);
    return;
  }
  const plan = planTile(context.target, { rows: m, outerRows: 1, columns: n, depth });
  context.macs(batches * m * n * depth);
  const apart = placeOfActivation(context, n) === 'run';
  const readB = columnReader(context, product, depth, n, plan.panel);
  const rows: Loops<Tile> = (block, body) =>
    forTiles(block, 'r', m, plan.rows, body, plan.mostRows);
  const columns: Loops<Tile> = (block, body) => forTiles(block, 'o', n, plan.columns, body);
  nestLoops(context.block, batch, (perBatch, at) =>
    nestTiles(
      perBatch,
      plan.columnsOutside,
      rows,
      columns,
      (block, row, column) => writeTile(context, product, readB, block, { batch: at, row, column }),
      (block, { start, count }) => {
        if (apart)
          activateImage(context, partOf(matrixAt(c, at), batch.length, start, count), block);
      },
    ),
  );
  if (apart && plan.columnsOutside) activateImage(context, c);
}

function matrixAt(c: Memory, batch: readonly Expr[]): Memory {
  return batch.reduce((part, at, axis) => partOf(part, axis, at, 1), c);
}

function isOfFloats({ a, b, c }: Product): boolean {
  return [a, b, c].every(({ view }) => view.dtype === 'float32');
}

function writeSplit(context: KernelContext, product: Product, plan: SplitPlan): void {
  const { a, c } = product;
  const batch = c.view.dims.slice(0, -2);
  const [m = 1, n = 1] = c.view.dims.slice(-2);
  const depth = a.view.dims.at(-1) ?? 1;
  const { termsTogether = 1 } = context.target;
  const readB = columnReader(context, product, depth, n, n);
  const partial = context.shared('partial', plan.slices * plan.rows * plan.columns);
  nestLoops(context.block, batch, (perBatch, at) =>
    perBatch.for(
      'r',
      m,
      (perRow, row) =>
        perRow.for(
          'o',
          n,
          (block, column) =>
            writeSplitTile(block, plan, partial, termsTogether, {
              depth,
              a: (i, k) => load(a.param, 'float32', positionOf(a.view, [...at, add(row, i), k])),
              b: (j, k) => readB(at, k, column, j),
              init: (inner, j) => product.init(inner, add(column, j)),
              store: (inner, i, j, sum) => {
                const place = [add(row, i), add(column, j)] as const;
                const total = product.finish(inner, ...place, sum, at);
                const result = applyActivation(context, inner, total);
                inner.store(c.param, positionOf(c.view, [...at, ...place]), result);
              },
            }),
          plan.columns,
        ),
      plan.rows,
    ),
  );
}

/** Where one register tile stands. */
interface TilePlace {
  readonly batch: readonly Expr[];
  readonly row: Tile;
  readonly column: Tile;
}

function writeTile(
  context: KernelContext,
  product: Product,
  readB: ReadColumn,
  block: Block,
  { batch, row, column }: TilePlace,
): void {
  const { a, c } = product;
  const depth = a.view.dims.at(-1) ?? 1;
  const apart = placeOfActivation(context, c.view.dims.at(-1) ?? 1) === 'run';
  const placeOf = (i: Expr, j: Expr): Expr =>
    positionOf(c.view, [...batch, add(row.start, i), add(column.start, j)]);
  writeContraction(block, {
    rows: row.count,
    columns: column.count,
    lanes: context.target.lanes,
    init: (inner, j) => product.init(inner, add(column.start, j)),
    reduce: (inner, body) =>
      forTerms(inner, depth, context.target.termsTogether ?? 1, (deepest, k) => body(deepest, [k])),
    a: (_, i, [k = index(0)]) =>
      load(a.param, a.view.dtype, positionOf(a.view, [...batch, add(row.start, index(i)), k])),
    b: (_, j, [k = index(0)]) => readB(batch, k, column.start, j),
    term: product.term,
    store: (inner, i, j, sum) => {
      const place = [add(row.start, i), add(column.start, j)] as const;
      const total = product.finish(inner, ...place, sum, batch);
      const result = apart ? total : applyActivation(context, inner, total);
      inner.store(c.param, placeOf(i, j), result);
    },
  });
}

/** With one B for all batches, they are only more rows, if memory lies so. */
function mergeBatches(product: Product): Product {
  const { a, b, c, constantB, packedB, keepsBatches } = product;
  const rows = a.view.dims.slice(0, -1).reduce((count, dim) => count * dim, 1);
  const merge = ({ param, view }: Matrix): Matrix | undefined => {
    const merged = reshapeView(view, [rows, view.dims.at(-1) ?? 1]);
    return merged && { param, view: merged };
  };
  const mergedA = merge(a);
  const mergedC = merge(c);
  const isOneB = constantB !== undefined || (packedB !== undefined && b.view.dims.length === 2);
  if (!isOneB || keepsBatches || mergedA === undefined || mergedC === undefined) return product;
  const matrix = { ...b.view, dims: b.view.dims.slice(-2), strides: b.view.strides.slice(-2) };
  return { ...product, a: mergedA, b: { param: b.param, view: matrix }, c: mergedC };
}

export type ReadColumn = (batch: readonly Expr[], k: Expr, start: Expr, column: Expr) => Expr;

/** A constant B is packed `[panel][k][column]`, the order of use, the last panel filled with zeros. */
function columnReader(
  context: KernelContext,
  { b, constantB, packedB }: Product,
  depth: number,
  columns: number,
  width: number,
): ReadColumn {
  if (packedB !== undefined) return packedB(width);
  if (constantB === undefined) {
    return (batch, k, start, column) =>
      load(b.param, b.view.dtype, positionOf(b.view, [...batch, k, add(start, column)]));
  }
  const panels = Math.ceil(columns / width);
  const param = context.packFloats('w', panels * depth * width, (packed) => {
    for (let column = 0; column < columns; column++) {
      const panel = Math.floor(column / width) * depth * width;
      for (let k = 0; k < depth; k++) {
        packed[panel + k * width + (column % width)] = constantB(k, column);
      }
    }
  });
  return (_, k, start, column) => {
    const inPanel = add(mul(k, index(width)), column);
    return load(param, 'float32', placeInPanels(inPanel, start, panels, depth));
  };
}
