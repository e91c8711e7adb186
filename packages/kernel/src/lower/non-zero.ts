/** NonZero: one sweep in row-major order, which writes a column of coordinates for each element it keeps. */

import { add, binary, cast, index, literal } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { range } from '../schedule/contraction.js';
import { origin, overAxes } from './axis-loops.js';
import { clearTail } from './clear-tail.js';
import { bothHold } from './index-math.js';
import type { KernelContext, LoweringRule, Operand } from './rule.js';
import { settled } from './settled.js';
import { anyTail, isInside } from './tails.js';

export const nonZeroRule: LoweringRule = {
  layout: 'row-major',
  reads: () => 'once',
  allowsTails: anyTail,
  kernel: writeNonZero,
};

function writeNonZero(context: KernelContext): void {
  const { block } = context;
  const x = context.operand(0);
  const y = context.destination(0);
  const count = block.local('count', 'index', index(0));
  overAxes(block, x.dims, range(x.dims.length), origin(x.dims), (inner, at) => {
    const isKept = bothHold(isInside(context, 0, at), isNonZero(x, x.read(inner, at)));
    inner.if(isKept, (kept) => {
      for (const [axis, position] of at.entries()) {
        y.store(kept, [index(axis), count], cast(position, 'int64'));
      }
      kept.assign(count, add(count, index(1)));
    });
  });
  context.setSize(0, 1, count);
  clearTail(block, y, 1, count);
}

function isNonZero(operand: Operand, element: Expr): Expr {
  const x = settled(operand, element);
  return x.dtype === 'bool' ? x : binary('ne', x, literal(x.dtype, 0));
}
