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
import { filled, negated, reciprocals } from '../shared/floats.js';
import { foldIntoInput } from '../shared/input-affine.js';

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
