/**
 * Takes control flow apart that is known when compiling: an `If` whose condition is a constant becomes the branch that
 * is taken, and a `Loop` of a few turns whose number is known becomes these turns.
 *
 *     const %c: bool[] = [true]
 *     %y = If(%c) {then_branch = graph "t" { %a = Relu(%x) … }, else_branch = …}
 *   →
 *     %a = Relu(%x)
 */

import {
  constant,
  op,
  type Pass,
  type RewriteRule,
  rewriteGraph,
  turnsOf,
  typedArrayOf,
} from '@whittle/ir';
import { unrolledNodes, unrollLoop } from './shared/unroll-loop.js';

/** A loop that becomes more nodes than this stays one. */
const maxNodes = 256;

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
  {
    algebra: 'loop(2, f, v) → f(1, f(0, v))',
    pattern: op('Loop'),
    build: ({ root }, rewriter) => {
      const turns = turnsOf(root);
      if (turns === undefined || unrolledNodes(turns, root.regions.body) > maxNodes)
        return undefined;
      return unrollLoop(root, turns, rewriter, (_, after) => after);
    },
  },
];

export const foldControlFlow: Pass = {
  id: 'fold-control-flow',
  summary:
    'Replaces an If of known condition by its branch, and a Loop of a few known turns by these.',
  run: (graph) => rewriteGraph(graph, rules),
};
