/** Gemm and MatMul as contractions: batches of A[M, K] · B[K, N], each through its view. */

import { optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, index, literal, load, mul } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { forTiles, writeContraction } from '../schedule/contraction.js';
import { nestLoops } from '../schedule/nest-loops.js';
import { planTile } from '../schedule/tile-plan.js';
import { broadcastView, positionOf, reshapeView, transposeView, type View } from '../view.js';
import { applyActivation } from './activation.js';
import type { KernelContext, LoweringRule } from './rule.js';
import { arithmeticType, isFloatType } from './scalar-types.js';

export const gemmRule: LoweringRule = { layout: 'row-major', kernel: writeGemm };
export const matMulRule: LoweringRule = { layout: 'row-major', kernel: writeMatMul };

interface Matrix {
  readonly param: string;
  /** Batch axes, then two. */
  readonly view: View;
}

/** C[…, M, N] = finish(Σ A[…, M, K] · B[…, K, N]), the same batch axes on all three. */
interface Product {
  readonly a: Matrix;
  readonly b: Matrix;
  readonly c: Matrix;
  /** B's elements row-major, where B is one constant matrix for all batches. */
  readonly constantB: ((k: number, column: number) => number) | undefined;
  /** What the sum of a column begins with. */
  init(block: Block, column: Expr): Expr;
  finish(block: Block, row: Expr, column: Expr, sum: Expr): Expr;
}

function writeGemm(context: KernelContext): void {
  const { node } = context;
  const alpha = optionalAttribute(node, 'alpha', 'float') ?? 1;
  const beta = optionalAttribute(node, 'beta', 'float') ?? 1;
  const orient = (input: number, attribute: string): Matrix => {
    const { param, view } = context.memory(input);
    const swapped = (optionalAttribute(node, attribute, 'int') ?? 0) !== 0;
    return { param, view: swapped ? transposeView(view, [1, 0]) : view };
  };
  const b = orient(1, 'transB');
  const data = context.constantData(1);
  const bias = biasReader(context);
  const beginsWithBias = alpha === 1 && beta === 1 && bias.sameForAllRows;
  const type = arithmeticType(context.outputType(0));
  const zero = literal(type, 0);
  if (!isFloatType(type) && !(Number.isInteger(alpha) && Number.isInteger(beta))) {
    context.unsupported('scales integers by a fraction');
  }
  context.name('gemm');
  writeProduct(context, {
    a: orient(0, 'transA'),
    b,
    c: context.destination(0),
    constantB: data && ((k, column) => data[elementAt(b.view, k, column)] ?? 0),
    init: (block, column) => (beginsWithBias ? bias.read(block, index(0), column) : zero),
    finish: (block, row, column, sum) => {
      if (beginsWithBias) return sum;
      const scaled = alpha === 1 ? sum : mul(sum, literal(type, alpha));
      if (!context.has(2)) return scaled;
      const term = bias.read(block, row, column);
      return add(scaled, beta === 1 ? term : mul(term, literal(type, beta)));
    },
  });
}

interface BiasReader {
  readonly sameForAllRows: boolean;
  read(block: Block, row: Expr, column: Expr): Expr;
}

/** Gemm's C: 0-d, per column, per row or whole; zero where it is absent. */
function biasReader(context: KernelContext): BiasReader {
  const zero = literal(arithmeticType(context.outputType(0)), 0);
  if (!context.has(2)) return { sameForAllRows: true, read: () => zero };
  const bias = context.operand(2);
  const rank = bias.dims.length;
  return {
    sameForAllRows: rank < 2 || bias.dims[0] === 1,
    read: (block, row, column) => {
      const at = [row, column].slice(2 - rank);
      return bias.read(
        block,
        at.map((position, i) => (bias.dims[i] === 1 ? index(0) : position)),
      );
    },
  };
}

function writeMatMul(context: KernelContext): void {
  const a = context.memory(0);
  const b = context.memory(1);
  const c = context.destination(0);
  const aView = a.view.dims.length === 1 ? withAxis(a.view, 0) : a.view;
  const bView = b.view.dims.length === 1 ? withAxis(b.view, 1) : b.view;
  const m = aView.dims.at(-2) ?? 1;
  const n = bView.dims.at(-1) ?? 1;
  const batch = c.dims.slice(
    0,
    c.dims.length - Number(a.dims.length > 1) - Number(b.dims.length > 1),
  );
  const spread = (view: View): View =>
    broadcastView(view, [...batch, ...view.dims.slice(-2)]) ??
    context.unsupported('has batches that do not broadcast');
  const cView = reshapeView(c.view, [...batch, m, n]) ?? c.view;
  const data = bView.dims.length === 2 ? context.constantData(1) : undefined;
  context.name('matmul');
  writeProduct(
    context,
    mergeBatches(data !== undefined, {
      a: { param: a.param, view: spread(aView) },
      b: { param: b.param, view: spread(bView) },
      c: { param: c.param, view: cView },
      constantB: data && ((k, column) => data[elementAt(bView, k, column)] ?? 0),
      init: () => literal(arithmeticType(c.dtype), 0),
      finish: (_block, _row, _column, sum) => sum,
    }),
  );
}

/** With one B for all batches, they are only more rows, if memory lies so. */
function mergeBatches(oneB: boolean, product: Product): Product {
  const { a, b, c } = product;
  const rows = a.view.dims.slice(0, -1).reduce((count, dim) => count * dim, 1);
  const merge = ({ param, view }: Matrix): Matrix | undefined => {
    const merged = reshapeView(view, [rows, view.dims.at(-1) ?? 1]);
    return merged && { param, view: merged };
  };
  const mergedA = merge(a);
  const mergedC = merge(c);
  if (!oneB || mergedA === undefined || mergedC === undefined) return product;
  const matrix = { ...b.view, dims: b.view.dims.slice(-2), strides: b.view.strides.slice(-2) };
  return { ...product, a: mergedA, b: { param: b.param, view: matrix }, c: mergedC };
}

function writeProduct(context: KernelContext, product: Product): void {
  const { a, c } = product;
  const batch = c.view.dims.slice(0, -2);
  const [m = 1, n = 1] = c.view.dims.slice(-2);
  const depth = a.view.dims.at(-1) ?? 1;
  const plan = planTile(context.target, { rows: m, outerRows: 1, columns: n, depth });
  context.macs(batch.reduce((count, dim) => count * dim, 1) * m * n * depth);
  const readB = columnReader(context, product, depth, n, plan.columns);
  nestLoops(context.block, batch, (perBatch, at) => {
    const rowLoop = (
      block: Block,
      body: (inner: Block, start: Expr, count: number) => void,
    ): void => forTiles(block, 'r', m, plan.rows, body, plan.mostRows);
    const columnLoop = (
      block: Block,
      body: (inner: Block, start: Expr, count: number) => void,
    ): void => forTiles(block, 'o', n, plan.columns, body);
    const tile = (block: Block, row: Expr, rows: number, column: Expr, columns: number): void =>
      writeContraction(block, {
        rows,
        columns,
        init: (inner, j) => product.init(inner, add(column, index(j))),
        reduce: (inner, body) => inner.for('k', depth, (deepest, k) => body(deepest, [k])),
        a: (_, i, [k = index(0)]) =>
          load(a.param, a.view.dtype, positionOf(a.view, [...at, add(row, index(i)), k])),
        b: (_, j, [k = index(0)]) => readB(at, k, column, j),
        store: (inner, i, j, sum) => {
          const to = [add(row, index(i)), add(column, index(j))] as const;
          const result = product.finish(inner, to[0], to[1], sum);
          const position = positionOf(c.view, [...at, ...to]);
          inner.store(c.param, position, applyActivation(context, inner, result));
        },
      });
    if (plan.columnsOutside) {
      columnLoop(perBatch, (b1, column, columns) =>
        rowLoop(b1, (b2, row, rows) => tile(b2, row, rows, column, columns)),
      );
    } else {
      rowLoop(perBatch, (b1, row, rows) =>
        columnLoop(b1, (b2, column, columns) => tile(b2, row, rows, column, columns)),
      );
    }
  });
}

type ReadColumn = (batch: readonly Expr[], k: Expr, start: Expr, column: number) => Expr;

/** A constant B is packed `[panel][k][column]`, the order of use, the last panel filled with zeros. */
function columnReader(
  context: KernelContext,
  { b, constantB }: Product,
  depth: number,
  columns: number,
  width: number,
): ReadColumn {
  if (constantB === undefined) {
    return (batch, k, start, column) =>
      load(b.param, b.view.dtype, positionOf(b.view, [...batch, k, add(start, index(column))]));
  }
  const size = Math.ceil(columns / width) * depth * width;
  const param = context.packFloats('w', size, (packed) => {
    for (let column = 0; column < columns; column++) {
      const panel = Math.floor(column / width) * depth * width;
      for (let k = 0; k < depth; k++) {
        packed[panel + k * width + (column % width)] = constantB(k, column);
      }
    }
  });
  return (_, k, start, column) => {
    const panel = mul(start, index(depth));
    return load(param, 'float32', add(add(panel, mul(k, index(width))), index(column)));
  };
}

function elementAt(view: View, row: number, column: number): number {
  const [down = 0, across = 0] = view.strides;
  return row * down + column * across;
}

/** The same elements with an axis of extent 1 more. */
function withAxis(view: View, axis: number): View {
  const insert = (list: readonly number[], value: number): number[] => [
    ...list.slice(0, axis),
    value,
    ...list.slice(axis),
  ];
  return { ...view, dims: insert(view.dims, 1), strides: insert(view.strides, 0) };
}
