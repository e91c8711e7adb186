/**
 * Gemm as the two ops that there are for integers.
 *
 *     %y = Gemm(%x, %w, %b)
 *   →
 *     %p = MatMul(%x, %w)
 *     %y = Add(%p, %b)
 */

import {
  any,
  constant,
  type Graph,
  op,
  optionalAttribute,
  type RewriteRule,
  rewriteGraph,
  transposeTensor,
} from '@whittle/ir';

import { isPlainProduct } from './quantization-plan.js';

const rules: readonly RewriteRule[] = [
  {
    algebra: 'gemm(x, w, b) → x · w + b',
    pattern: op('Gemm', any('x'), constant('w')),
    guard: ({ root }) => isPlainProduct(root),
    build: (match, rewriter) => {
      const { root } = match;
      const weight = match.value('w');
      const isTurned = optionalAttribute(root, 'transB', 'int') === 1;
      const columns = isTurned
        ? rewriter.constant(transposeTensor(match.tensor('w'), [1, 0]), weight.name)
        : weight;
      const product = rewriter.op('MatMul', [match.value('x'), columns]);
      const bias = root.inputs[2];
      return bias ? rewriter.op('Add', [product, bias]) : product;
    },
  },
];

export function splitGemm(graph: Graph): Graph {
  return rewriteGraph(graph, rules);
}
