/**
 * Makes pointwise convolutions of the products with a matrix that are computed on the last axis of
 * an image, where it is turned to channels-first afterwards. The transpose goes before them.
 *
 *     %p = MatMul(%x, %w)                             f32[1,7,7,96] · f32[96,384]
 *     %s = Add(%p, %b)
 *     %g = Gelu(%s)
 *     %q = MatMul(%g, %v)
 *     %y = Transpose(%q) {perm = [0, 3, 1, 2]}
 *   →
 *     %t = Transpose(%x) {perm = [0, 3, 1, 2]}
 *     %p = Conv(%t, %w)                               %w: f32[384,96,1,1]
 *     %s = Add(%p, %b)                                %b: f32[384,1,1]
 *     %g = Gelu(%s)
 *     %y = Conv(%g, %v)
 *
 * As convolutions they take the bias, the activation and the residual that follow. A convolution
 * that reads what comes of it may be fused with it as well.
 */

import {
  type Node,
  type Pass,
  type RewriteContext,
  type Rewriter,
  sweepGraph,
  type Value,
} from '@whittle/ir';
import {
  alongChannels,
  type ChannelsLastChain,
  chainEndingWith,
  isChannelProduct,
  turnsToChannelsFirst,
} from './shared/channels-last-chain.js';
import { floatsOf, tensorOfFloats, transposedMatrix } from './shared/floats.js';

export const recomposePointwiseConv: Pass = {
  id: 'recompose-pointwise-conv',
  summary: 'Makes pointwise convolutions of matrix products over the channels of an image.',
  run: (graph) =>
    sweepGraph(graph, (node, rewriter) => {
      const [turned] = node.inputs;
      if (turned === undefined || !turnsToChannelsFirst(node)) return undefined;
      const chain = chainEndingWith(turned, rewriter);
      if (!chain.steps.some(isChannelProduct)) return undefined;
      return isWorthTurning(chain, turned, rewriter) ? recompose(chain, node, rewriter) : undefined;
    }),
};

/** The transpose must not become larger, unless it meets another that undoes it. */
function isWorthTurning(
  { x, steps }: ChannelsLastChain,
  turned: Value,
  context: RewriteContext,
): boolean {
  const [before, after] = [x.type?.dims.at(-1), turned.type?.dims.at(-1)];
  const isFree = context.producerOf(x)?.op === 'Transpose';
  const isNoLarger = typeof before === 'number' && typeof after === 'number' && before <= after;
  // A matrix that others read would be stored a second time.
  const isPrivate = steps
    .filter(isChannelProduct)
    .every(({ inputs: [, matrix] }) => matrix && context.useCount(matrix) === 1);
  return (isFree || isNoLarger) && isPrivate;
}

function recompose({ x, steps }: ChannelsLastChain, transpose: Node, rewriter: Rewriter): Value {
  let current = rewriter.op('Transpose', [x], transpose.attributes);
  for (const step of steps) {
    const name = { name: step.name };
    current = isChannelProduct(step)
      ? rewriter.op('Conv', [current, filterOf(step, rewriter)], {}, name)
      : rewriter.op(step.op, operandsOf(step, current, rewriter), step.attributes, name);
  }
  return current;
}

/** [K, N] as the filter [N, K, 1, …]. */
function filterOf({ inputs: [x, matrix] }: Node, rewriter: Rewriter): Value | undefined {
  const weights = floatsOf(matrix?.constant);
  const [rows = 0, columns = 0] = matrix?.constant?.dims ?? [];
  if (matrix === undefined || weights === undefined) return undefined;
  const taps = Array<number>((x?.type?.dims.length ?? 2) - 2).fill(1);
  const filter = tensorOfFloats([columns, rows, ...taps], transposedMatrix(weights, rows));
  return rewriter.constant(filter, matrix.name);
}

function operandsOf(
  { inputs }: Node,
  current: Value,
  rewriter: Rewriter,
): readonly (Value | undefined)[] {
  const dims = inputs.find((input) => input && !input.constant)?.type?.dims ?? [];
  return inputs.map((input) => {
    if (input?.constant === undefined) return input && current;
    const channels = alongChannels(input.constant, dims);
    return channels === input.constant
      ? input
      : channels && rewriter.constant(channels, input.name);
  });
}
