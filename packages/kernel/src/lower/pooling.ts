/** Pools: a fold over a window, or over all pixels. */

import { optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { index, mul, sub } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { range } from '../schedule/contraction.js';
import { writeElementLoops } from './element-loops.js';
import { type Fold, maxFold, meanFold, normFold, writeFold } from './fold.js';
import { coordinate } from './index-math.js';
import { readLargest, readMaxIndex } from './max-pool.js';
import { overTaps, poolWindows, tapsWithin } from './pool-windows.js';
import { writeReduction } from './reduction.js';
import type { ElementContext, KernelContext, LoweringRule } from './rule.js';
import { tailsOnlyInBatch } from './tails.js';

function readPool(
  context: ElementContext,
  block: Block,
  at: readonly Expr[],
  fold: Fold,
  count: Expr,
): Expr {
  const x = context.operand(0);
  const windows = poolWindows(context);
  const taps = windows.map((window, axis) =>
    tapsWithin(block, window, coordinate(at, axis + 2), 0, window.input),
  );
  return writeFold(
    block,
    fold,
    x.dtype,
    (outer, body: (inner: Block, from: readonly Expr[]) => void) =>
      overTaps(outer, windows, taps, at, body),
    (inner, from) => x.read(inner, from),
    count,
  );
}

/** The taps that a mean counts: those inside of the input, or of the input with its padding. */
function countedTaps(context: ElementContext, block: Block, at: readonly Expr[]): Expr {
  const pads = optionalAttribute(context.node, 'pads', 'ints');
  const countsPads = (optionalAttribute(context.node, 'count_include_pad', 'int') ?? 0) !== 0;
  const windows = poolWindows(context);
  return windows.reduce<Expr>((product, window, axis) => {
    const padAfter = pads?.[axis + windows.length] ?? 0;
    const [first, limit] = countsPads
      ? [-window.padBefore, window.input + padAfter]
      : [0, window.input];
    const { start, end } = tapsWithin(block, window, coordinate(at, axis + 2), first, limit);
    return mul(product, sub(end, start));
  }, index(1));
}

const norm = ({ node }: ElementContext): Fold => normFold(optionalAttribute(node, 'p', 'int') ?? 2);

function globalPool(fold: (context: KernelContext) => Fold): LoweringRule {
  return {
    reads: () => 'once',
    allowsTails: tailsOnlyInBatch,
    kernel: (context) => {
      const rank = context.operand(0).dims.length;
      writeReduction(context, fold(context), range(rank).slice(2));
    },
  };
}

export const poolingRules: Readonly<Record<string, LoweringRule>> = {
  MaxPool: {
    allowsTails: tailsOnlyInBatch,
    element: (context, block, at, output) =>
      output === 0
        ? readPool(context, block, at, maxFold, index(1))
        : readMaxIndex(context, block, at),
    kernelTakes: ({ inputs, outputs }, { lanes }) =>
      lanes > 1 && inputs[0]?.type?.dtype === 'float32' && outputs[1] === undefined,
    kernel: (context) => {
      const destination = context.destination(0);
      const inLanes = destination.view.strides[1] === 1;
      writeElementLoops(context.block, destination, (block, at) =>
        inLanes ? readLargest(context, block, at) : readPool(context, block, at, maxFold, index(1)),
      );
    },
  },
  AveragePool: {
    allowsTails: tailsOnlyInBatch,
    element: (context, block, at) =>
      readPool(context, block, at, meanFold, countedTaps(context, block, at)),
  },
  LpPool: {
    element: (context, block, at) => readPool(context, block, at, norm(context), index(1)),
  },
  GlobalMaxPool: globalPool(() => maxFold),
  GlobalAveragePool: globalPool(() => meanFold),
  GlobalLpPool: globalPool(norm),
};
