/**
 * The register tile that conv, gemm and matmul share: `rows` × `columns` sums kept in locals while
 * one loop nest runs over what is summed,
 *
 *     sum[r][c] = init(c) + Σ a(r, k) · b(k, c)
 *
 * Each turn loads rows + columns values for rows × columns multiply-adds. With vectors, columns are
 * computed in lanes, and those left over one by one. What a term adds may be another product than that
 * of two numbers.
 */

import type { Block } from '../block.js';
import { add, index, mul } from '../expr.js';
import type { Expr, Variable } from '../loop-ir.js';
import { overLanes } from './over-lanes.js';

export interface Contraction {
  readonly rows: number;
  readonly columns: number;
  /** The lanes of a vector; 1 where there are none. */
  readonly lanes: number;
  /** The loops that are summed over; calls `body` inside them with one position for each. */
  reduce(block: Block, body: (inner: Block, at: readonly Expr[]) => void): void;
  /** `column` counts from the first of the tile. */
  init(block: Block, column: Expr): Expr;
  a(block: Block, row: number, at: readonly Expr[]): Expr;
  b(block: Block, column: Expr, at: readonly Expr[]): Expr;
  /** Default: the product. */
  readonly term?: ((a: Expr, b: Expr) => Expr) | undefined;
  store(block: Block, row: Expr, column: Expr, sum: Expr): void;
}

export function writeContraction(block: Block, tile: Contraction): void {
  overLanes(block, tile.columns, tile.lanes, (inner, columns) => writeSums(inner, tile, columns));
}

function writeSums(block: Block, tile: Contraction, columns: readonly Expr[]): void {
  const { term = mul } = tile;
  const sums: Variable[][] = [];
  const inits = columns.map((column, c) => block.let(`i${c}`, tile.init(block, column)));
  for (const row of range(tile.rows)) {
    sums.push(inits.map((init, c) => block.local(`s${row}${c}`, init.dtype, init)));
  }
  tile.reduce(block, (inner, at) => {
    const a: Expr[] = [];
    const b: Expr[] = [];
    // By turns: V8 is up to 14 % faster with them than with all of one side first.
    for (const i of range(Math.max(tile.rows, columns.length))) {
      const column = columns[i];
      if (column !== undefined) b.push(inner.let(`b${i}`, tile.b(inner, column, at)));
      if (i < tile.rows) a.push(inner.let(`a${i}`, tile.a(inner, i, at)));
    }
    sums.forEach((line, row) => {
      line.forEach((sum, c) => {
        const [x, y] = [a[row], b[c]];
        if (x !== undefined && y !== undefined) inner.assign(sum, add(sum, term(x, y)));
      });
    });
  });
  sums.forEach((line, row) => {
    line.forEach((sum, c) => {
      tile.store(block, index(row), columns[c] ?? index(c), sum);
    });
  });
}

export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
