/** Loop nests over several axes. */

import type { Block } from '../block.js';
import type { Expr } from '../loop-ir.js';

/** One loop for each extent, outermost first; `body` gets one position for each. */
export function nestLoops(
  block: Block,
  extents: readonly number[],
  body: (inner: Block, at: readonly Expr[]) => void,
): void {
  const nest = (inner: Block, at: readonly Expr[]): void => {
    const extent = extents[at.length];
    if (extent === undefined) body(inner, at);
    else inner.for('d', extent, (deeper, position) => nest(deeper, [...at, position]));
  };
  nest(block, []);
}
