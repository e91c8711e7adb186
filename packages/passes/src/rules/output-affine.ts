/** Products and sums by channel that follow a convolution or matrix product. */

import { constant, type NodePattern, node, op, type RewriteRule, typesEqual } from '@whittle/ir';
import { expandChannels } from '../shared/channels.js';
import {
  type ChannelAffine,
  channelAxis,
  contractionOps,
  foldIntoWeights,
  outputChannels,
} from '../shared/contraction.js';
import { negated, reciprocals } from '../shared/floats.js';

const conv = node('contraction', contractionOps);
const c = constant('c');

export const outputAffineRules: readonly RewriteRule[] = [
  row('conv(x) + c → conv with bias + c', op('Add', conv, c), (shift) => ({ shift })),
  row('conv(x) − c → conv with bias − c', op('Sub', conv, c), (c) => ({ shift: negated(c) })),
  row('c − conv(x) → conv with −w and c − bias', op('Sub', c, conv), (shift) => ({
    scale: new Float64Array(shift.length).fill(-1),
    shift,
  })),
  row('conv(x) · c → conv with c·w and c·bias', op('Mul', conv, c), (scale) => ({ scale })),
  row('conv(x) / c → conv with w/c and bias/c', op('Div', conv, c), (c) => ({
    scale: reciprocals(c),
  })),
];

function row(
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
