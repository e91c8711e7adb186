/**
 * Replaces an `If` whose condition is a constant by the branch that is taken.
 *
 *     const %c: bool[] = [true]
 *     %y = If(%c) {then_branch = graph "t" { %a = Relu(%x) … }, else_branch = …}
 *   →
 *     %a = Relu(%x)
 */

import { constant, op, type Pass, type RewriteRule, rewriteGraph, typedArrayOf } from '@whittle/ir';

const rules: readonly RewriteRule[] = [
  {
    algebra: 'if(true, a, b) → a',
    pattern: op('If', constant('condition')),
    build: (match, rewriter) => {
      const [condition] = typedArrayOf(match.tensor('condition'));
      const { then_branch, else_branch } = match.root.regions;
      const taken = condition ? then_branch : else_branch;
      return taken && rewriter.inline(taken);
    },
  },
];

export const foldControlFlow: Pass = {
  id: 'fold-control-flow',
  summary: 'Replaces an If whose condition is constant by the branch that is taken.',
  run: (graph) => rewriteGraph(graph, rules),
};
