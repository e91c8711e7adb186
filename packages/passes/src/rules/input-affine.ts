/** Products and sums by channel that a convolution reads. */

import {
  any,
  constant,
  type Node,
  node,
  op,
  type Replacement,
  type RewriteRule,
  type Rewriter,
  typesEqual,
  type Value,
} from '@whittle/ir';
import { expandChannels } from '../shared/channels.js';
import { channelAxis } from '../shared/contraction.js';
import { negated, reciprocals } from '../shared/floats.js';
import { foldInputScale, foldInputShift, inputChannels } from '../shared/input-affine.js';

export const inputAffineRules: readonly RewriteRule[] = [
  row('conv(x · c) → conv(x) with w·c', 'Mul', foldInputScale),
  row('conv(x / c) → conv(x) with w/c', 'Div', (conv, x, c, rewriter) =>
    foldInputScale(conv, x, reciprocals(c), rewriter),
  ),
  row('conv(x + c) → conv(x) with bias + Σ w·c', 'Add', foldInputShift),
  row('conv(x − c) → conv(x) with bias − Σ w·c', 'Sub', (conv, x, c, rewriter) =>
    foldInputShift(conv, x, negated(c), rewriter),
  ),
];

function row(
  algebra: string,
  name: string,
  fold: (conv: Node, x: Value, c: Float64Array, rewriter: Rewriter) => Replacement | undefined,
): RewriteRule {
  return {
    algebra,
    pattern: op('Conv', node('affine', name, any('x'), constant('c'))),
    // The constant must not broadcast x to other dims.
    guard: (match) => typesEqual(match.value('x').type, match.node('affine').outputs[0]?.type),
    build: (match, rewriter) => {
      const rank = match.value('x').type?.dims.length;
      const channels = inputChannels(match.root);
      if (rank === undefined || channels === undefined) return undefined;
      const values = expandChannels(match.tensor('c'), rank, channelAxis, channels);
      return values && fold(match.root, match.value('x'), values, rewriter);
    },
  };
}
