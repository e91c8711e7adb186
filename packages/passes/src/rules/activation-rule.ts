import {
  type AttributeLiterals,
  isFloat,
  type Match,
  type NodePattern,
  type RewriteRule,
} from '@whittle/ir';
import { keepsType } from './identity-rule.js';

/** A row that makes one op of the capture `x`, which is of floats and has the root's dims. */
export function activationRule(
  algebra: string,
  pattern: NodePattern,
  activation: string,
  attributes: AttributeLiterals = {},
): RewriteRule {
  return {
    algebra,
    pattern,
    guard: keepsFloats,
    build: (match, rewriter) => rewriter.op(activation, [match.value('x')], attributes),
  };
}

/** As `keepsType`, where the type is of floats: models clamp and divide integers, too. */
export function keepsFloats(match: Match): boolean {
  const dtype = match.value('x').type?.dtype;
  return dtype !== undefined && isFloat(dtype) && keepsType(match);
}
