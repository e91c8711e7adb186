/**
 * Folds batch normalisation into the convolution or matrix product before it.
 *
 *     %c = Conv(%x, %w, %b)
 *     %y = BatchNormalization(%c, %scale, %bias, %mean, %variance)
 *   →
 *     %y = Conv(%x, %w_1, %b_1)      w_1 = w · s,  b_1 = (b − mean) · s + bias,
 *                                    s = scale / sqrt(variance + epsilon), by output channel
 */

import {
  constant,
  node,
  op,
  type Pass,
  type RewriteRule,
  requiredAttribute,
  rewriteGraph,
} from '@whittle/ir';
import { batchNormalizationAffine } from './shared/batch-normalization.js';
import { contractionOps, foldIntoWeights } from './shared/contraction.js';

const rules: readonly RewriteRule[] = [
  {
    algebra: 'batch_norm(w ∗ x + b) → (w · s) ∗ x + ((b − mean) · s + bias)',
    pattern: op(
      'BatchNormalization',
      node('contraction', contractionOps),
      constant('scale'),
      constant('bias'),
      constant('mean'),
      constant('variance'),
    ),
    build: (match, rewriter) => {
      const affine = batchNormalizationAffine({
        scale: match.tensor('scale'),
        bias: match.tensor('bias'),
        mean: match.tensor('mean'),
        variance: match.tensor('variance'),
        epsilon: requiredAttribute(match.root, 'epsilon', 'float'),
      });
      return affine && foldIntoWeights(match.node('contraction'), affine, rewriter);
    },
  },
];

export const foldBatchNormalization: Pass = {
  id: 'fold-batch-normalization',
  summary: 'Folds batch normalisation into the weights of the convolution or product before it.',
  run: (graph) => rewriteGraph(graph, rules),
};
