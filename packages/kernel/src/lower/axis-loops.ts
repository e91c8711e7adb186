/** Loops over some axes of a tensor, in the order in which they lie in memory. */

import type { Block } from '../block.js';
import { index } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { axesInMemoryOrder } from '../view.js';
import type { Destination, MemoryOperand, Operand } from './rule.js';

/** One loop for each of `axes`, outermost first; `at` has the coordinates of the other axes. */
export function overAxes(
  block: Block,
  dims: readonly number[],
  axes: readonly number[],
  at: readonly Expr[],
  body: (inner: Block, at: readonly Expr[]) => void,
): void {
  const nest = (inner: Block, depth: number, here: readonly Expr[]): void => {
    const axis = axes[depth];
    if (axis === undefined) {
      body(inner, here);
      return;
    }
    inner.for(`i${axis}`, dims[axis] ?? 1, (deeper, position) =>
      nest(deeper, depth + 1, here.with(axis, position)),
    );
  };
  nest(block, 0, at);
}

/** All coordinates 0. */
export function origin(dims: readonly number[]): Expr[] {
  return dims.map(() => index(0));
}

/** Axes from slowest to fastest in the memory of `of`; in the order given where it has none. */
export function inMemoryOrder(axes: readonly number[], of: Operand | Destination): number[] {
  if (!('view' in of)) return [...axes];
  return axesInMemoryOrder(of.view).filter((axis) => axes.includes(axis));
}

/** Whether an operand lies in memory, as opposed to being computed where it is read. */
export function liesInMemory(operand: Operand): operand is MemoryOperand {
  return 'view' in operand;
}

/** The axes of a tensor of `rank` that are not among `axes`. */
export function otherAxes(rank: number, axes: readonly number[]): number[] {
  return Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !axes.includes(axis));
}
