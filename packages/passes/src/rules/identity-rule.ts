import { type Match, type RewriteRule, typesEqual } from '@whittle/ir';

/** A rule that replaces its root by the capture `x`, where `x` has the root's dtype and dims. */
export function identityRule(
  algebra: string,
  pattern: RewriteRule['pattern'],
  guard: (match: Match) => boolean = () => true,
): RewriteRule {
  return {
    algebra,
    pattern,
    guard: (match) => keepsType(match) && guard(match),
    build: (match) => match.value('x'),
  };
}

/** Whether the root's first output has the dtype and dims of the capture `x`. */
export function keepsType(match: Match): boolean {
  const { type } = match.value('x');
  return type !== undefined && typesEqual(type, match.root.outputs[0]?.type);
}
