import type { AttributeLiterals, NodePattern, RewriteRule } from '@whittle/ir';
import { keepsType } from './identity-rule.js';

/** A row that makes one op of the capture `x`, which has the root's dims. */
export function activationRule(
  algebra: string,
  pattern: NodePattern,
  activation: string,
  attributes: AttributeLiterals = {},
): RewriteRule {
  return {
    algebra,
    pattern,
    guard: keepsType,
    build: (match, rewriter) => rewriter.op(activation, [match.value('x')], attributes),
  };
}
