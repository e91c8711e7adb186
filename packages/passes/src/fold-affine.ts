/**
 * Folds products and sums with per-channel constants into the weights of the convolution or matrix
 * product before them or after them, whichever way round they are written, through a transpose as
 * well. This is also how the bias that some exporters add after a convolution, as [1,C,1,1], becomes
 * the convolution's own.
 *
 *     %c = Conv(%x, %w)
 *     %y = Add(%c, %bias)             %bias: f32[1,C,1,1]
 *   →
 *     %y = Conv(%x, %w, %w_bias)
 */

import {
  any,
  constant,
  type Match,
  node,
  op,
  type Pass,
  type RewriteRule,
  rewriteGraph,
} from '@whittle/ir';
import { inputAffineRules } from './rules/input-affine.js';
import { outputAffineRules } from './rules/output-affine.js';
import { productAffineRules } from './rules/product-affine.js';
import { expandChannels } from './shared/channels.js';

const rules: readonly RewriteRule[] = [
  {
    algebra: 'x · b + c → gemm(x, b, c)',
    pattern: op('Add', node('product', 'MatMul', any('a'), constant('b')), constant('c')),
    guard: (match) => isPlainProduct(match),
    build: (match, rewriter) => {
      const channels = match.tensor('b').dims[1] ?? 0;
      const bias = expandChannels(match.tensor('c'), 2, 1, channels);
      if (bias === undefined) return undefined;
      return rewriter.op('Gemm', [match.value('a'), match.value('b'), match.value('c')]);
    },
  },
  ...outputAffineRules,
  ...inputAffineRules,
  ...productAffineRules,
];

export const foldAffine: Pass = {
  id: 'fold-affine',
  summary: 'Folds per-channel products and sums into the weights of convolutions and products.',
  run: (graph) => rewriteGraph(graph, rules),
};

/** Gemm takes matrices only, and an activation of the product would come before the sum. */
function isPlainProduct(match: Match): boolean {
  const product = match.node('product');
  const isMatrix = [0, 1].every((i) => product.inputs[i]?.type?.dims.length === 2);
  return isMatrix && product.attributes.activation === undefined;
}
