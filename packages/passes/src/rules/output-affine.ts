/** Products and sums by channel that follow a convolution or matrix product. */

import {
  constant,
  type Match,
  type Node,
  type NodePattern,
  node,
  op,
  type RewriteRule,
  type Rewriter,
  typesEqual,
  type Value,
} from '@whittle/ir';
import { axisAfter, expandChannels } from '../shared/channels.js';
import {
  type ChannelAffine,
  channelAxis,
  constantLayout,
  contractionOps,
  foldIntoWeights,
} from '../shared/contraction.js';
import { filled, negated, reciprocals } from '../shared/floats.js';

const y = node('contraction', contractionOps);
const turned = node('turn', 'Transpose', y);
const c = constant('c');

export const outputAffineRules: readonly RewriteRule[] = [
  ...rows(
    'y + c → y with bias + c',
    (y) => op('Add', y, c),
    (shift) => ({ shift }),
  ),
  ...rows(
    'y − c → y with bias − c',
    (y) => op('Sub', y, c),
    (c) => ({ shift: negated(c) }),
  ),
  ...rows(
    'c − y → y with −w and c − bias',
    (y) => op('Sub', c, y),
    (shift) => ({
      scale: filled(shift.length, -1),
      shift,
    }),
  ),
  ...rows(
    'y · c → y with c·w and c·bias',
    (y) => op('Mul', y, c),
    (scale) => ({ scale }),
  ),
  ...rows(
    'y / c → y with w/c and bias/c',
    (y) => op('Div', y, c),
    (c) => ({
      scale: reciprocals(c),
    }),
  ),
  {
    algebra: '−y → y with −w and −bias, where y = w ∗ x + bias',
    pattern: op('Neg', y),
    build: (match, rewriter) => {
      const producer = match.node('contraction');
      const channels = constantLayout(producer)?.outputs;
      return channels === undefined
        ? undefined
        : foldIntoWeights(producer, { scale: filled(channels, -1) }, rewriter);
    },
  },
];

/** A rule for y = w ∗ x + bias, and one for y turned to other axes first. */
function rows(
  algebra: string,
  patternOf: (y: NodePattern) => NodePattern,
  affineOf: (values: Float64Array) => ChannelAffine,
): readonly RewriteRule[] {
  return [
    {
      algebra: `${algebra}, where y = w ∗ x + bias`,
      pattern: patternOf(y),
      guard: (match) => keepsDims(match, match.node('contraction')),
      build: (match, rewriter) => fold(match, undefined, affineOf, rewriter),
    },
    {
      algebra: `${algebra}, where y = turn(w ∗ x + bias)`,
      pattern: patternOf(turned),
      guard: (match) => keepsDims(match, match.node('turn')),
      build: (match, rewriter) => {
        const turn = match.node('turn');
        const folded = fold(match, turn, affineOf, rewriter);
        return folded && rewriter.op('Transpose', [folded], turn.attributes, { name: turn.name });
      },
    },
  ];
}

/** The constant must not broadcast what it follows to other dims. */
function keepsDims(match: Match, before: Node): boolean {
  return typesEqual(before.outputs[0]?.type, match.root.outputs[0]?.type);
}

function fold(
  match: Match,
  turn: Node | undefined,
  affineOf: (values: Float64Array) => ChannelAffine,
  rewriter: Rewriter,
): Value | undefined {
  const producer = match.node('contraction');
  const rank = producer.outputs[0]?.type?.dims.length;
  const channels = constantLayout(producer)?.outputs;
  if (rank === undefined || channels === undefined) return undefined;
  const own = channelAxis(producer, rank);
  const axis = turn === undefined ? own : axisAfter(turn, own, rank);
  const values = expandChannels(match.tensor('c'), rank, axis, channels);
  return values && foldIntoWeights(producer, affineOf(values), rewriter);
}
