/**
 * Reductions over constant axes. Sums stay in locals. Where the fastest axis in memory is one that
 * stays, as of a mean over the pixels of channels-last data, several of its positions are summed
 * side by side, so that memory is walked in its own order.
 */

import { optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, binary, index, literal, select, sub, unary } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { range } from '../schedule/contraction.js';
import { forTiles } from '../schedule/nest-tiles.js';
import { overLanes } from '../schedule/over-lanes.js';
import { inMemoryOrder, liesInMemory, origin, otherAxes, overAxes } from './axis-loops.js';
import {
  type Fold,
  logSumFold,
  maxFold,
  meanFold,
  minFold,
  normFold,
  productFold,
  sumFold,
  sumSquareFold,
  writeFold,
} from './fold.js';
import { coordinate, normalizeAxis } from './index-math.js';
import type { ElementContext, KernelContext, LoweringRule, Operand } from './rule.js';
import { arithmeticType } from './scalar-types.js';
import { anyTail, countAlong, withoutTails } from './tails.js';

const folds: Readonly<Record<string, Fold>> = {
  ReduceSum: sumFold,
  ReduceMean: meanFold,
  ReduceProd: productFold,
  ReduceMax: maxFold,
  ReduceMin: minFold,
  ReduceL1: normFold(1),
  ReduceL2: normFold(2),
  ReduceSumSquare: sumSquareFold,
  ReduceLogSum: logSumFold,
};

const foldRules = Object.entries(folds).map(([op, fold]): [string, LoweringRule] => [
  op,
  {
    reads: () => 'once',
    allowsTails: anyTail,
    kernel: (context) => writeReduction(context, fold, reducedAxes(context)),
  },
]);

export const reductionRules: Readonly<Record<string, LoweringRule>> = {
  ...Object.fromEntries(foldRules),
  ReduceLogSumExp: { allowsTails: anyTail, kernel: writeLogSumExp },
};

/** The axes that a reduction goes over, from its input, or all, or none. */
function reducedAxes(context: ElementContext): readonly number[] {
  const { node } = context;
  const rank = context.operand(0).dims.length;
  const written = context.optionalConstants(1) ?? [];
  if (written.length > 0) return written.map((axis) => normalizeAxis(node, axis, rank));
  const keepsAll = (optionalAttribute(node, 'noop_with_empty_axes', 'int') ?? 0) !== 0;
  return keepsAll ? [] : range(rank);
}

/** How many sums are taken side by side, of one position of the fastest axis or of a vector of them. */
const sumsTogether = 8;

/** Reduces input 0 over `axes` into output 0, whose dims have 1 for them, or lack them. */
export function writeReduction(context: KernelContext, fold: Fold, axes: readonly number[]): void {
  const x = context.operand(0);
  const kept = otherAxes(x.dims.length, axes);
  const fastest = liesInMemory(x) ? fastestAxis(x, kept) : undefined;
  if (fastest === undefined) {
    overKept(context, x, kept, (block, at) =>
      storeReduced(context, block, at, axes, reduceAt(context, block, fold, axes, at)),
    );
    return;
  }
  const others = kept.filter((axis) => axis !== fastest);
  const { lanes } = context.target;
  const size = sumsTogether * lanes;
  overKept(context, x, others, (perLine, at) =>
    forTiles(perLine, `i${fastest}`, x.dims[fastest] ?? 1, size, (perTile, { start, count }) =>
      overLanes(perTile, count, lanes, (block, positions) => {
        const places = positions.map((position) => at.with(fastest, add(start, position)));
        writeSums(context, block, fold, axes, places);
      }),
    ),
  );
}

/** The axis along which memory is dense, where it is one that stays and others do not. */
function fastestAxis(x: Operand, kept: readonly number[]): number | undefined {
  const extents = x.dims.flatMap((dim, axis) => (dim > 1 ? [axis] : []));
  const fastest = inMemoryOrder(extents, x).at(-1);
  const reduces = extents.some((axis) => !kept.includes(axis));
  return fastest !== undefined && kept.includes(fastest) && reduces ? fastest : undefined;
}

function writeSums(
  context: KernelContext,
  block: Block,
  fold: Fold,
  axes: readonly number[],
  places: readonly (readonly Expr[])[],
): void {
  const x = withoutTails(context, axes, fold.init);
  const type = arithmeticType(x.dtype);
  const sums = places.map((_, i) => block.local(`s${i}`, type, fold.init(type)));
  overAxes(block, x.dims, inMemoryOrder(axes, x), origin(x.dims), (inner, within) => {
    sums.forEach((sum, i) => {
      const place = places[i] ?? [];
      const at = within.map((position, axis) =>
        axes.includes(axis) ? position : coordinate(place, axis),
      );
      const element = inner.let(`x${i}`, x.read(inner, at));
      inner.assign(sum, fold.combine(sum, fold.term?.(element) ?? element));
    });
  });
  const count = countAlong(context, axes);
  sums.forEach((sum, i) => {
    const result = fold.finish?.(sum, count) ?? sum;
    storeReduced(context, block, places[i] ?? [], axes, result);
  });
}

function reduceAt(
  context: KernelContext,
  block: Block,
  fold: Fold,
  axes: readonly number[],
  at: readonly Expr[],
  neutral: Fold['init'] = fold.init,
): Expr {
  const x = withoutTails(context, axes, neutral);
  return writeFold(
    block,
    fold,
    x.dtype,
    (outer, body: (inner: Block, at: readonly Expr[]) => void) =>
      overAxes(outer, x.dims, inMemoryOrder(axes, x), at, body),
    (inner, here) => x.read(inner, here),
    countAlong(context, axes),
  );
}

/** Loops over the axes that stay, in the order of the input's memory. */
function overKept(
  context: KernelContext,
  x: Operand,
  kept: readonly number[],
  body: (block: Block, at: readonly Expr[]) => void,
): void {
  overAxes(context.block, x.dims, inMemoryOrder(kept, x), origin(x.dims), body);
}

/** Stores at the position of the result that coordinates of the input belong to. */
function storeReduced(
  context: KernelContext,
  block: Block,
  at: readonly Expr[],
  axes: readonly number[],
  value: Expr,
): void {
  const destination = context.destination(0);
  const keeps = destination.dims.length === at.length;
  const to = keeps
    ? at.map((position, axis) => (axes.includes(axis) ? index(0) : position))
    : at.filter((_, axis) => !axes.includes(axis));
  destination.store(block, to, value);
}

/** log Σ e^x as m + log Σ e^(x - m), with the largest element m, so that nothing overflows. */
function writeLogSumExp(context: KernelContext): void {
  const axes = reducedAxes(context);
  const x = context.operand(0);
  const type = arithmeticType(x.dtype);
  const kept = otherAxes(x.dims.length, axes);
  overKept(context, x, kept, (block, at) => {
    const largest = block.let('m', reduceAt(context, block, maxFold, axes, at));
    const finite = binary('eq', sub(largest, largest), literal(type, 0));
    const shift = block.let('m', select(finite, largest, literal(type, 0)));
    const sumExp: Fold = { ...sumFold, term: (v) => unary('exp', sub(v, shift)) };
    const sum = reduceAt(context, block, sumExp, axes, at, maxFold.init);
    storeReduced(context, block, at, axes, add(unary('log', sum), shift));
  });
}
