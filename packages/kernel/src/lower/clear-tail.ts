/** Zeros in the tail of an axis, so that what is behind the true size is the same in every run. */

import type { Block } from '../block.js';
import { literal } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { origin, otherAxes, overAxes } from './axis-loops.js';
import type { Destination } from './rule.js';
import { arithmeticType } from './scalar-types.js';

/** `size` is an index. */
export function clearTail(block: Block, y: Destination, axis: number, size: Expr): void {
  const others = otherAxes(y.dims.length, [axis]);
  const zero = literal(arithmeticType(y.dtype), 0);
  overAxes(block, y.dims, others, origin(y.dims), (line, start) =>
    line.for(
      'tail',
      y.dims[axis] ?? 1,
      (inner, position) => y.store(inner, start.with(axis, position), zero),
      1,
      size,
    ),
  );
}
