/**
 * Computes in integers what lies between a dequantisation and a quantisation, so that weights stay 8 bits
 * wide and no tensor of real numbers is made.
 *
 *     %a = DequantizeLinear(%x, %s, %z)
 *     %b = DequantizeLinear(%w, %t, %u)
 *     %c = Conv(%a, %b)
 *     %r = Relu(%c)
 *     %y = QuantizeLinear(%r, %v, %zero)
 *   →
 *     %y = QLinearConv(%x, %s, %z, %w, %t, %u, %v, %zero)
 *
 * What is left of dequantised weights in convolutions and products, whose results are not quantised, is
 * multiplied in integers, too. This comes before constants are folded, which makes floats of weights.
 *
 * Elementwise ops need no rule: quantisations are computed in the kernels that they are next to.
 */

import { type Pass, rewriteGraph } from '@whittle/ir';
import { integerProducts } from './rules/integer-products.js';
import { quantizedProducts } from './rules/quantized-products.js';
import { quantizedViews } from './rules/quantized-views.js';

export const fuseQuantized: Pass = {
  id: 'fuse-quantized',
  summary: 'Computes in integers what lies between a dequantisation and a quantisation.',
  run: (graph) =>
    rewriteGraph(rewriteGraph(graph, [...quantizedViews, ...quantizedProducts]), integerProducts),
};
