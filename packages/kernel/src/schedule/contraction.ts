/**
 * The register tile that conv, gemm and matmul share: `rows` × `columns` sums kept in locals while
 * one loop nest runs over what is summed,
 *
 *     sum[r][c] = init(c) + Σ a(r, k) · b(k, c)
 *
 * Each turn loads rows + columns values for rows × columns multiply-adds.
 */

import type { Block } from '../block.js';
import { add, mul } from '../expr.js';
import type { Expr, Variable } from '../loop-ir.js';

export interface Contraction {
  readonly rows: number;
  readonly columns: number;
  /** The loops that are summed over; calls `body` inside them with one position for each. */
  reduce(block: Block, body: (inner: Block, at: readonly Expr[]) => void): void;
  init(block: Block, column: number): Expr;
  a(block: Block, row: number, at: readonly Expr[]): Expr;
  b(block: Block, column: number, at: readonly Expr[]): Expr;
  store(block: Block, row: number, column: number, sum: Expr): void;
}

export function writeContraction(block: Block, tile: Contraction): void {
  const { rows, columns } = tile;
  const sums: Variable[][] = [];
  const inits = range(columns).map((column) => block.let(`i${column}`, tile.init(block, column)));
  for (const row of range(rows)) {
    sums.push(inits.map((init, column) => block.local(`s${row}${column}`, init.dtype, init)));
  }
  tile.reduce(block, (inner, at) => {
    const b = range(columns).map((column) => inner.let(`b${column}`, tile.b(inner, column, at)));
    sums.forEach((line, row) => {
      const a = inner.let(`a${row}`, tile.a(inner, row, at));
      line.forEach((sum, column) => {
        const factor = b[column];
        if (factor !== undefined) inner.assign(sum, add(sum, mul(a, factor)));
      });
    });
  });
  sums.forEach((line, row) => {
    line.forEach((sum, column) => {
      tile.store(block, row, column, sum);
    });
  });
}

export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
