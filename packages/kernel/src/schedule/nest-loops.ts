/** Loop nests over several axes. */

import type { Block } from '../block.js';
import { add, index } from '../expr.js';
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

/** A loop over the terms of a sum, `together` of them in one turn; those left over one by one. */
export function forTerms(
  block: Block,
  extent: number,
  together: number,
  body: (inner: Block, term: Expr) => void,
): void {
  const whole = extent - (extent % together);
  block.for(
    'k',
    whole,
    (inner, first) => {
      for (let i = 0; i < together; i++) body(inner, add(first, index(i)));
    },
    together,
  );
  block.for('k', extent, body, 1, whole);
}
