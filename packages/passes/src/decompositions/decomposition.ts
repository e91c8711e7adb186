/** One row of the table of composites: how a single node is written in other ops. */

import { type Match, op, type Replacement, type RewriteRule, type Rewriter } from '@whittle/ir';

/** Gives what replaces the outputs of `match.root`, or undefined where this row does not apply. */
type Build = (match: Match, rewriter: Rewriter) => Replacement | undefined;

/** A row for an op, whatever its inputs are. The algebra is its meaning, in one line. */
export function decomposition(name: string, algebra: string, build: Build): RewriteRule {
  return { algebra, pattern: op(name), build };
}
