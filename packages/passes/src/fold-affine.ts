/**
 * Folds products and sums with per-channel constants into the weights of a convolution or matrix
 * product, whichever way round they are written. This is also how the bias that some exporters add
 * after a convolution, as [1,C,1,1], becomes the convolution's own.
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
  type NodePattern,
  node,
  op,
  type Pass,
  type RewriteRule,
  rewriteGraph,
  typesEqual,
} from '@whittle/ir';
import { expandChannels } from './shared/channels.js';
import {
  type ChannelAffine,
  channelAxis,
  contractionOps,
  foldIntoWeights,
  outputChannels,
} from './shared/contraction.js';

const contraction = node('contraction', contractionOps);
const c = constant('c');
const zeros = (like: Float64Array) => new Float64Array(like.length);

const rules: readonly RewriteRule[] = [
  rule('conv(x) + c → conv with bias + c', op('Add', contraction, c), (shift) => ({ shift })),
  rule('conv(x) − c → conv with bias − c', op('Sub', contraction, c), (values) => ({
    shift: values.map((value) => -value),
  })),
  rule('c − conv(x) → conv with −w and c − bias', op('Sub', c, contraction), (shift) => ({
    scale: new Float64Array(shift.length).fill(-1),
    shift,
  })),
  rule('conv(x) · c → conv with c·w and c·bias', op('Mul', contraction, c), (scale) => ({
    scale,
    shift: zeros(scale),
  })),
  rule('conv(x) / c → conv with w/c and bias/c', op('Div', contraction, c), (values) => ({
    scale: values.map((value) => 1 / value),
    shift: zeros(values),
  })),
  {
    algebra: 'x · b + c → gemm(x, b, c)',
    pattern: op('Add', node('product', 'MatMul', any('a'), constant('b')), c),
    guard: (match) => isPlainProduct(match),
    build: (match, rewriter) => {
      const channels = match.tensor('b').dims[1] ?? 0;
      const bias = expandChannels(match.tensor('c'), 2, channelAxis, channels);
      if (bias === undefined) return undefined;
      return rewriter.op('Gemm', [match.value('a'), match.value('b'), match.value('c')]);
    },
  },
];

export const foldAffine: Pass = {
  id: 'fold-affine',
  summary: 'Folds per-channel products and sums into the weights of convolutions and products.',
  run: (graph) => rewriteGraph(graph, rules),
};

function rule(
  algebra: string,
  pattern: NodePattern,
  affineOf: (values: Float64Array) => ChannelAffine,
): RewriteRule {
  return {
    algebra,
    pattern,
    // The constant must not broadcast the contraction's result to other dims.
    guard: (match) =>
      typesEqual(match.node('contraction').outputs[0]?.type, match.root.outputs[0]?.type),
    build: (match, rewriter) => {
      const producer = match.node('contraction');
      const rank = producer.outputs[0]?.type?.dims.length;
      const channels = outputChannels(producer);
      if (rank === undefined || channels === undefined) return undefined;
      const values = expandChannels(match.tensor('c'), rank, channelAxis, channels);
      return values && foldIntoWeights(producer, affineOf(values), rewriter);
    },
  };
}

/** Gemm takes matrices only, and an activation of the product would come before the sum. */
function isPlainProduct(match: Match): boolean {
  const product = match.node('product');
  const isMatrix = [0, 1].every((i) => product.inputs[i]?.type?.dims.length === 2);
  return isMatrix && product.attributes.activation === undefined;
}
