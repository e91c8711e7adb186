/**
 * Makes matrix products of two pointwise convolutions, one after the other, for engines that lay out
 * the constant matrix of a product once, when they load a model, and pack the pixels of a
 * convolution at each run. That counts where there are few pixels. One image only: the pixels of
 * several would have to be turned before.
 *
 *     %p = Conv(%x, %w, %b)                           f32[1,768,7,7] · f32[3072,768,1,1]
 *     %g = Gelu(%p)
 *     %y = Conv(%g, %v, %c)
 *   →
 *     %m = Reshape(%x, [768, 49])
 *     %p = Gemm(%m, %w, %b) {transA = 1, transB = 1}
 *     %g = Gelu(%p)
 *     %q = Gemm(%g, %v, %c) {transB = 1}
 *     %r = Reshape(%q, [1, 7, 7, 768])
 *     %y = Transpose(%r) {perm = [0, 3, 1, 2]}
 *
 * An image that was turned for the first convolution is taken as it was before.
 */

import {
  allBound,
  any,
  constant,
  convKind,
  elementCount,
  int64Tensor,
  isBound,
  type Match,
  type Node,
  node,
  op,
  type Pass,
  type RewriteContext,
  type RewriteRule,
  type Rewriter,
  rewriteGraph,
  type Value,
} from '@whittle/ir';
import { turnsToChannelsFirst } from './shared/channels-last-chain.js';
import { seesOnePixel } from './shared/separable-chain.js';

export const pointwiseConvToGemm: Pass = {
  id: 'pointwise-conv-to-gemm',
  summary:
    'Makes products of pairs of pointwise convolutions, for targets that are faster at those.',
  run: (graph, { target }) => rewriteGraph(graph, [productsRule(target.productPixels)]),
};

/** Those that take an image in any shape. */
const activations = ['Gelu', 'Relu', 'HardSwish', 'Mish', 'Sigmoid', 'Silu', 'Tanh'];

function productsRule(productPixels: number): RewriteRule {
  return {
    algebra: 'conv(f(conv(x, w)), v) → turn(f(xᵀ · wᵀ) · vᵀ)',
    pattern: op(
      'Conv',
      node('between', activations, node('first', 'Conv', any('x'), constant())),
      constant(),
    ),
    guard: (match, context) =>
      isPlainPointwise(match.node('first'), context) &&
      isPlainPointwise(match.root, context) &&
      hasFewPixels(match.value('x'), productPixels),
    build,
  };
}

/** With its filter to itself: what others read would be stored a second time. */
function isPlainPointwise(conv: Node, context: RewriteContext): boolean {
  const [, filter, , residual] = conv.inputs;
  const isAlone = residual === undefined && conv.attributes.activation === undefined;
  const isPrivate = filter !== undefined && context.useCount(filter) === 1;
  return convKind(conv) === 'pointwise' && isAlone && isPrivate && seesOnePixel(conv);
}

/** A single pixel is a row of a matrix already. */
function hasFewPixels({ type }: Value, most: number): boolean {
  const [images, , ...sizes] = type?.dims ?? [];
  if (images !== 1 || !allBound(sizes)) return false;
  const pixels = elementCount(sizes);
  return pixels > 1 && pixels <= most;
}

function build(match: Match, rewriter: Rewriter): Value | undefined {
  const x = match.value('x');
  const [, channels, ...sizes] = x.type?.dims ?? [];
  const outputs = match.root.inputs[1]?.type?.dims[0];
  if (channels === undefined || outputs === undefined) return undefined;
  if (!isBound(channels) || !isBound(outputs) || !allBound(sizes)) return undefined;
  const reshape = (value: Value, dims: readonly number[]) =>
    rewriter.op('Reshape', [value, rewriter.constant(int64Tensor(dims), 'shape')]);
  const product = (a: Value, conv: Node, transA: number) =>
    rewriter.op('Gemm', [a, matrixOf(conv, rewriter), conv.inputs[2]], { transA, transB: 1 });

  const pixels = elementCount(sizes);
  const turned = beforeTurning(x, rewriter);
  const matrix = turned ? reshape(turned, [pixels, channels]) : reshape(x, [channels, pixels]);
  const between = match.node('between');
  const hidden = product(matrix, match.node('first'), turned ? 0 : 1);
  const activated = rewriter.op(between.op, [hidden], between.attributes);
  const rows = product(activated, match.root, 0);
  const image = reshape(rows, [1, ...sizes, outputs]);
  const perm = [0, sizes.length + 1, ...sizes.map((_, i) => i + 1)];
  return rewriter.op('Transpose', [image], { perm });
}

/** The image [1, …, C] that `x` is the transpose of; undefined where it is none. */
function beforeTurning(x: Value, context: RewriteContext): Value | undefined {
  const turn = context.useCount(x) === 1 ? context.producerOf(x) : undefined;
  return turn && turnsToChannelsFirst(turn) ? turn.inputs[0] : undefined;
}

/** The filter [M, C, 1, …] as [M, C], over the same bytes. */
function matrixOf({ inputs: [, filter] }: Node, rewriter: Rewriter): Value | undefined {
  const tensor = filter?.constant;
  return tensor && rewriter.constant({ ...tensor, dims: tensor.dims.slice(0, 2) }, filter.name);
}
