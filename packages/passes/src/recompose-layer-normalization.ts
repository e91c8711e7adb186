/**
 * Recognises layer normalisation that a model spells out, over the last axes of a tensor.
 *
 *     %mean = ReduceMean(%x, %last)
 *     %d = Sub(%x, %mean)
 *     %squared = Pow(%d, %two)
 *     %variance = ReduceMean(%squared, %last)
 *     %shifted = Add(%variance, %epsilon)
 *     %deviation = Sqrt(%shifted)
 *     %normal = Div(%d, %deviation)
 *     %scaled = Mul(%normal, %gamma)
 *     %y = Add(%scaled, %beta)
 *   →
 *     %y = LayerNormalization(%x, %gamma, %beta) {epsilon = 1e-05f}
 *
 * One sweep makes the normalisation, with factors of 1; further ones let it take in what follows.
 */

import { type Pass, rewriteGraph } from '@whittle/ir';
import { layerNormalizationRules } from './rules/layer-normalization.js';
import { layerNormalizationAffineRules } from './rules/layer-normalization-affine.js';

const rules = [...layerNormalizationRules, ...layerNormalizationAffineRules];

export const recomposeLayerNormalization: Pass = {
  id: 'recompose-layer-normalization',
  summary: 'Recognises layer normalisation that is spelled out.',
  run: (graph) => rewriteGraph(graph, rules),
};
