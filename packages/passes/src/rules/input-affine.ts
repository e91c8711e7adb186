/** Products and sums by channel that a convolution or matrix product reads. */

import {
  any,
  constant,
  type Match,
  type Node,
  type NodePattern,
  node,
  op,
  type Pattern,
  type RewriteRule,
  type Rewriter,
  typesEqual,
  type Value,
} from '@whittle/ir';
import { axisBefore, expandChannels } from '../shared/channels.js';
import {
  type ChannelAffine,
  channelAxis,
  constantLayout,
  contractionOps,
} from '../shared/contraction.js';
import { doublesOf, filled, negated, reciprocals } from '../shared/floats.js';
import { foldIntoInput } from '../shared/input-affine.js';
import { onesOf } from '../shared/layer-normalization.js';

const x = any('x');
const c = constant('c');

export const inputAffineRules: readonly RewriteRule[] = [
  ...rows('w ∗ (x · c) → (w·c) ∗ x', affine('Mul', x, c), (scale) => ({ scale })),
  ...rows('w ∗ (x / c) → (w/c) ∗ x', affine('Div', x, c), (c) => ({ scale: reciprocals(c) })),
  ...rows('w ∗ (x + c) → w ∗ x + Σ w·c', affine('Add', x, c), (shift) => ({ shift })),
  ...rows('w ∗ (x − c) → w ∗ x − Σ w·c', affine('Sub', x, c), (c) => ({ shift: negated(c) })),
  ...rows('w ∗ (c − x) → −w ∗ x + Σ w·c', affine('Sub', c, x), (shift) => ({
    scale: filled(shift.length, -1),
    shift,
  })),
  {
    algebra: 'w ∗ turn(layer_norm(x; γ, β)) → (w·γ) ∗ turn(layer_norm(x; 1)) + Σ w·β',
    pattern: op(
      contractionOps,
      node(
        'turn',
        'Transpose',
        node('norm', 'LayerNormalization', x, constant('γ'), constant('β')),
      ),
    ),
    build: foldNormalization,
  },
];

function affine(name: string, ...inputs: Pattern[]): NodePattern {
  return node('affine', name, ...inputs);
}

/** A rule for what a contraction reads, and one for what is turned to other axes before. */
function rows(
  algebra: string,
  pattern: NodePattern,
  affineOf: (values: Float64Array) => ChannelAffine,
): readonly RewriteRule[] {
  return [
    {
      algebra,
      pattern: op(contractionOps, pattern),
      guard: keepsDims,
      build: (match, rewriter) => fold(match, undefined, affineOf, rewriter),
    },
    {
      algebra: `${algebra}, turned first`,
      pattern: op(contractionOps, node('turn', 'Transpose', pattern)),
      guard: keepsDims,
      build: (match, rewriter) => fold(match, match.node('turn'), affineOf, rewriter),
    },
  ];
}

/** The constant must not broadcast x to other dims. */
function keepsDims(match: Match): boolean {
  return typesEqual(match.value('x').type, match.node('affine').outputs[0]?.type);
}

function fold(
  match: Match,
  turn: Node | undefined,
  affineOf: (values: Float64Array) => ChannelAffine,
  rewriter: Rewriter,
): Value | undefined {
  const x = match.value('x');
  const rank = x.type?.dims.length;
  const channels = constantLayout(match.root)?.inputs;
  if (rank === undefined || channels === undefined) return undefined;
  const read = channelAxis(match.root, rank);
  const axis = turn === undefined ? read : axisBefore(turn, read, rank);
  const values = expandChannels(match.tensor('c'), rank, axis, channels);
  if (values === undefined) return undefined;
  const input = turn === undefined ? x : rewriter.op('Transpose', [x], turn.attributes);
  return foldIntoInput(match.root, input, affineOf(values), rewriter);
}

/**
 * Only where the result is turned: a normalisation over the last axis that is read as it is has an op
 * of its own in every engine, which scales and shifts at no cost.
 */
function foldNormalization(match: Match, rewriter: Rewriter): Value | undefined {
  const [turn, norm] = [match.node('turn'), match.node('norm')];
  const x = match.value('x');
  const rank = x.type?.dims.length;
  const dtype = x.type?.dtype;
  const [scale, shift] = [doublesOf(match.tensor('γ')), doublesOf(match.tensor('β'))];
  if (rank === undefined || dtype === undefined || !scale || !shift) return undefined;
  const channels = constantLayout(match.root)?.inputs;
  const isByChannel = axisBefore(turn, channelAxis(match.root, rank), rank) === rank - 1;
  if (!isByChannel || scale.length !== channels || shift.length !== channels) return undefined;
  const ones = onesOf(dtype, match.tensor('γ').dims, rewriter);
  const normal = rewriter.op('LayerNormalization', [x, ones], norm.attributes, { name: norm.name });
  const input = rewriter.op('Transpose', [normal], turn.attributes);
  return foldIntoInput(match.root, input, { scale, shift }, rewriter);
}
