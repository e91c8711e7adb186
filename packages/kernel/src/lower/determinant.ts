/** Det: elimination with the largest of each column as pivot, in memory of the kernel's own. */

import type { Block } from '../block.js';
import { add, binary, index, literal, load, mul, select, sub, unary } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { range } from '../schedule/contraction.js';
import { positionOf } from '../view.js';
import { origin, overAxes } from './axis-loops.js';
import type { Destination, KernelContext, LoweringRule } from './rule.js';

export const determinantRule: LoweringRule = { layout: 'row-major', kernel: writeDeterminants };

function writeDeterminants(context: KernelContext): void {
  const { block } = context;
  const x = context.operand(0);
  const y = context.destination(0);
  const rank = x.dims.length;
  const work = context.scratch('work', x.dims);
  overAxes(block, x.dims, range(rank - 2), origin(x.dims), (inner, first) => {
    overAxes(inner, x.dims, [rank - 2, rank - 1], first, (each, at) =>
      work.store(each, at, x.read(each, at)),
    );
    const matrix = matrixIn(work, first.slice(0, -2));
    y.store(inner, first.slice(0, -2), eliminated(inner, matrix));
  });
}

/** A matrix of `size` rows in memory. */
interface Matrix {
  readonly size: number;
  at(row: Expr, column: Expr): Expr;
  store(block: Block, row: Expr, column: Expr, value: Expr): void;
}

function matrixIn(work: Destination, lead: readonly Expr[]): Matrix {
  return {
    size: work.dims.at(-1) ?? 0,
    at: (row, column) =>
      load(work.param, work.dtype, positionOf(work.view, [...lead, row, column])),
    store: (block, row, column, value) => work.store(block, [...lead, row, column], value),
  };
}

/** Brings the matrix to a triangle; returns the product of its diagonal, with the sign of the swaps. */
function eliminated(block: Block, matrix: Matrix): Expr {
  const { size } = matrix;
  const type = matrix.at(index(0), index(0)).dtype;
  const product = block.local('det', type, literal(type, 1));
  block.for('k', size, (step, k) => {
    const pivotRow = largestIn(step, matrix, k);
    const pivot = step.let('pivot', matrix.at(pivotRow, k));
    const signed = select(binary('eq', pivotRow, k), pivot, unary('neg', pivot));
    step.assign(product, mul(product, signed));
    step.for(
      'j',
      size,
      (each, j) => {
        const [above, chosen] = [
          each.let('a', matrix.at(k, j)),
          each.let('b', matrix.at(pivotRow, j)),
        ];
        matrix.store(each, pivotRow, j, above);
        matrix.store(each, k, j, chosen);
      },
      1,
      k,
    );
    step.for('i', size, (row, i) => eliminateRow(row, matrix, k, i, pivot), 1, add(k, index(1)));
  });
  return product;
}

/** Subtracts from row `i` what makes its element in column `k` zero; of a singular matrix nothing. */
function eliminateRow(block: Block, matrix: Matrix, k: Expr, i: Expr, pivot: Expr): void {
  const zero = literal(pivot.dtype, 0);
  const share = binary('div', matrix.at(i, k), pivot);
  const factor = block.let('f', select(binary('eq', pivot, zero), zero, share));
  block.for(
    'j',
    matrix.size,
    (each, j) => {
      const rest = sub(matrix.at(i, j), mul(factor, matrix.at(k, j)));
      matrix.store(each, i, j, rest);
    },
    1,
    k,
  );
}

/** The row from `k` on with the largest magnitude in column `k`. */
function largestIn(block: Block, matrix: Matrix, k: Expr): Expr {
  const magnitude = (row: Expr): Expr => unary('abs', matrix.at(row, k));
  const best = block.local('best', matrix.at(k, k).dtype, magnitude(k));
  const where = block.local('where', 'index', k);
  block.for(
    'i',
    matrix.size,
    (each, i) => {
      const value = each.let('v', magnitude(i));
      const larger = each.let('b', binary('gt', value, best));
      each.assign(where, select(larger, i, where));
      each.assign(best, select(larger, value, best));
    },
    1,
    add(k, index(1)),
  );
  return block.let('row', where);
}
