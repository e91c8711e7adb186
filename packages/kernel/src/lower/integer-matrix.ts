/**
 * MatMulInteger and QLinearMatMul: sums in int32 of products of what is left when the zero points are
 * taken away. Both matrices are packed in pairs of terms (`halves-in-words.ts`), A in each run, and B once
 * if it is constant; the loops are those of any other product.
 */

import type { Block } from '../block.js';
import { add, binary, index, literal, load, mul } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { nestLoops } from '../schedule/nest-loops.js';
import { forTiles } from '../schedule/nest-tiles.js';
import { broadcastView, reshapeView, rowMajorStrides, type View } from '../view.js';
import { overPairs, wordsOf } from './halves-in-words.js';
import { coordinate, countOf, ravel } from './index-math.js';
import { weightPacker } from './integer-weights.js';
import { type Matrix, type ReadColumn, writeProduct } from './matrix-product.js';
import { placeInPanels } from './pack-filter.js';
import { isOne, lessZero } from './quantization.js';
import { requantizer } from './quantized-parameters.js';
import type { KernelContext, LoweringRule } from './rule.js';

/** Which inputs are what: the second matrix and the zero points, and of quantized results the scales. */
interface Inputs {
  readonly aZero: number;
  readonly b: number;
  readonly bZero: number;
  readonly requantize?: true;
}

export const integerMatrixRules: Readonly<Record<string, LoweringRule>> = {
  MatMulInteger: ruleOf({ aZero: 2, b: 1, bZero: 3 }),
  QLinearMatMul: ruleOf({ aZero: 2, b: 3, bZero: 5, requantize: true }),
};

function ruleOf(inputs: Inputs): LoweringRule {
  return {
    layout: 'row-major',
    reads: (_, input) => (input === 0 ? 'once' : 'many'),
    kernel: (context) => writeIntegerProduct(context, inputs),
  };
}

function writeIntegerProduct(context: KernelContext, inputs: Inputs): void {
  const [a, b] = [context.inputDims(0), context.inputDims(inputs.b)];
  const c = context.destination(0);
  const [m, depth] = [a.length === 1 ? 1 : (a.at(-2) ?? 1), a.at(-1) ?? 1];
  const n = b.length === 1 ? 1 : (b.at(-1) ?? 1);
  const batch = c.dims.slice(0, c.dims.length - Number(a.length > 1) - Number(b.length > 1));
  const spread = (view: View): View =>
    broadcastView(view, [...batch, ...view.dims.slice(-2)]) ??
    context.unsupported('has batches that do not broadcast');
  const ofB = { batch: b.slice(0, -2), depth, columns: n };
  const words = writeRows(context, inputs, m, depth);
  const columns = { dims: [...ofB.batch, wordsOf(depth), n], param: '' };
  const finish = inputs.requantize && requantizer(context, { scales: [1, 4, 6], zero: 7 });
  const byRow = inputs.requantize ? [1, 6, 7] : [];
  context.name('matmul_integer');
  writeProduct(context, {
    a: { ...words, view: spread(words.view) },
    b: {
      param: columns.param,
      view: b.length > 2 ? spread(wordView(columns.dims)) : wordView(columns.dims),
    },
    c: { param: c.param, view: reshapeView(c.view, [...batch, m, n]) ?? c.view },
    constantB: undefined,
    packedB: (width) => packColumns(context, inputs, ofB, width),
    keepsBatches: byRow.some((input) => !isOne(context.operand(input))),
    term: (x, y) => binary('dot16', x, y),
    init: () => literal('int32', 0),
    finish: (block, row, column, sum, at) =>
      finish?.(block, sum, column, (inner, input) => {
        const isOfA = byRow.includes(input);
        return parameterAt(context, inner, input, [...at, row, column], isOfA);
      }) ?? sum,
  });
}

/** Dense memory of words. */
function wordView(dims: readonly number[]): View {
  return { buffer: '', dtype: 'int32', dims, strides: rowMajorStrides(dims), offset: 0 };
}

/** A as words of pairs along its last axis, with at least two axes. */
function writeRows(context: KernelContext, { aZero }: Inputs, rows: number, depth: number): Matrix {
  const a = context.operand(0);
  const batch = a.dims.slice(0, -2);
  const dims = [...batch, rows, wordsOf(depth)];
  const memory = context.scratch('q', [countOf(dims)], undefined, 'int32');
  nestLoops(context.block, [...batch, rows], (inner, at) => {
    const zero = context.has(aZero)
      ? inner.let('z', parameterAt(context, inner, aZero, [...at, index(0)], true))
      : undefined;
    overPairs(
      inner,
      depth,
      (deeper, k) => lessZero(a.read(deeper, [...at, k].slice(-a.dims.length)), zero),
      (deeper, k, word) => memory.store(deeper, [ravel([...at, k], dims)], word),
    );
  });
  return { param: memory.param, view: { ...memory.view, dims, strides: rowMajorStrides(dims) } };
}

interface MatricesOfB {
  readonly batch: readonly number[];
  readonly depth: number;
  readonly columns: number;
}

/** B as words in panels: prepared if it is constant and its zero point is one, else in each run. */
function packColumns(
  context: KernelContext,
  { b, bZero }: Inputs,
  { batch, depth, columns }: MatricesOfB,
  width: number,
): ReadColumn {
  const panels = Math.ceil(columns / width);
  const words = wordsOf(depth);
  const matrix = panels * words * width;
  const isVector = context.inputDims(b).length === 1;
  const placeOf = (at: readonly Expr[], k: Expr, start: Expr, column: Expr): Expr => {
    const own = at
      .slice(at.length - batch.length)
      .map((i, axis) => (batch[axis] === 1 ? index(0) : i));
    const inPanel = add(mul(k, index(width)), column);
    return add(mul(ravel(own, batch), index(matrix)), placeInPanels(inPanel, start, panels, words));
  };
  const pack = weightPacker(context, { weights: b, zero: bZero }, (block, at) =>
    parameterAt(context, block, bZero, at, false),
  );
  const param = pack(countOf(batch) * matrix, (block, read, to) =>
    nestLoops(block, batch, (perMatrix, at) =>
      forTiles(perMatrix, 'o', columns, width, (perPanel, { start, count }) =>
        perPanel.for('c', count, (inner, column) =>
          overPairs(
            inner,
            depth,
            (deeper, k) => read(deeper, isVector ? [k] : [...at, k, add(start, column)]),
            (deeper, k, word) => deeper.store(to, placeOf(at, k, start, column), word),
          ),
        ),
      ),
    ),
  );
  return (at, k, start, column) => load(param, 'int32', placeOf(at, k, start, column));
}

/** A parameter of one number, of one for each row or column, or of one for each of those of each matrix. */
function parameterAt(
  context: KernelContext,
  block: Block,
  input: number,
  at: readonly Expr[],
  ofRows: boolean,
): Expr {
  const operand = context.operand(input);
  const { dims } = operand;
  if (dims.length === 1 && ofRows && dims[0] !== 1)
    return operand.read(block, [coordinate(at, at.length - 2)]);
  const own = at.slice(at.length - dims.length);
  return operand.read(
    block,
    own.map((position, axis) => (dims[axis] === 1 ? index(0) : position)),
  );
}
