/**
 * Moves the sum at the end of a residual block into the convolution before it, which starts from
 * the residual instead of storing its result only for it to be loaded and added to.
 *
 *     %c = Conv(%x, %w, %b)
 *     %y = Add(%c, %r)
 *   →
 *     %y = Conv(%x, %w, %b, %r)
 */

import {
  any,
  dimsEqual,
  type Match,
  node,
  op,
  optionalAttribute,
  type Pass,
  type RewriteRule,
  rewriteGraph,
} from '@whittle/ir';

const rules: readonly RewriteRule[] = [
  {
    algebra: 'conv(x) + r → conv(x; residual r)',
    pattern: op('Add', node('conv', 'Conv'), any('r')),
    guard: (match) => isFree(match) && addsSameDims(match),
    build: (match, rewriter) => {
      const conv = match.node('conv');
      const [x, w, b] = conv.inputs;
      return rewriter.op('Conv', [x, w, b, match.value('r')], conv.attributes, { name: conv.name });
    },
  },
];

export const fuseResidual: Pass = {
  id: 'fuse-residual',
  summary: 'Moves the sum at the end of a residual block into the convolution before it.',
  run: (graph) => rewriteGraph(graph, rules),
};

/** An activation comes after the residual, so a convolution that has one cannot take a sum after it. */
function isFree(match: Match): boolean {
  const conv = match.node('conv');
  return (
    conv.inputs[3] === undefined && optionalAttribute(conv, 'activation', 'string') === undefined
  );
}

function addsSameDims(match: Match): boolean {
  const dims = match.node('conv').outputs[0]?.type?.dims;
  const residual = match.value('r').type?.dims;
  return dims !== undefined && residual !== undefined && dimsEqual(dims, residual);
}
