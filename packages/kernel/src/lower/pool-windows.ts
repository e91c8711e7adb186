/**
 * The windows of pools: loops over the taps that fall inside of the input. The bounds of the loops
 * cut off the others, once for each output position and axis; no tap is tested.
 */

import { requiredAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, index, isLiteral, mul, sub } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { range } from '../schedule/contraction.js';
import { ceildiv, coordinate, maxIndex, minIndex } from './index-math.js';
import type { ElementContext } from './rule.js';
import { inputPosition, type Window, windowsOf } from './window.js';

/** The taps of one axis that fall inside of the input: from `start` up to `end`, exclusive. */
export interface TapRange {
  readonly start: Expr;
  readonly end: Expr;
}

export function poolWindows(context: ElementContext): Window[] {
  const { node } = context;
  const kernel = requiredAttribute(node, 'kernel_shape', 'ints');
  return windowsOf(node, context.operand(0).dims, context.outputDims(0), kernel);
}

/** The taps of a window at an output position whose input position is in [0, `limit`). */
export function tapsWithin(
  block: Block,
  window: Window,
  output: Expr,
  first: number,
  limit: number,
): TapRange {
  const { kernel, stride, dilation, padBefore } = window;
  const origin = add(mul(output, index(stride)), index(-padBefore));
  const last = (window.output - 1) * stride - padBefore + (kernel - 1) * dilation;
  const start =
    padBefore > -first
      ? block.let('t', maxIndex(index(0), ceildiv(sub(index(first), origin), dilation)))
      : index(0);
  const end =
    last >= limit
      ? block.let('t', minIndex(index(kernel), ceildiv(sub(index(limit), origin), dilation)))
      : index(kernel);
  return { start, end };
}

/** The taps of an axis are written out if they are so few, and inside of the input at every position. */
const mostWrittenOut = 3;

/** Loops over the taps of all axes; `body` gets the position in the input. */
export function overTaps(
  block: Block,
  windows: readonly Window[],
  taps: readonly TapRange[],
  at: readonly Expr[],
  body: (inner: Block, from: readonly Expr[]) => void,
): void {
  const nest = (inner: Block, axis: number, from: readonly Expr[]): void => {
    const [window, bounds] = [windows[axis], taps[axis]];
    if (window === undefined || bounds === undefined) {
      body(inner, from);
      return;
    }
    const output = coordinate(at, axis + 2);
    const deepen = (deeper: Block, tap: Expr): void =>
      nest(deeper, axis + 1, [...from, inputPosition(window, output, tap)]);
    const { start, end } = bounds;
    if (isLiteral(start) && isLiteral(end) && window.kernel <= mostWrittenOut) {
      for (const tap of range(Number(end.value))) {
        if (tap >= Number(start.value)) deepen(inner, index(tap));
      }
    } else inner.for('t', end, deepen, 1, start);
  };
  nest(block, 0, at.slice(0, 2));
}
