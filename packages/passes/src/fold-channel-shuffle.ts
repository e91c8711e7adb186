/**
 * Joins values in the order that a channel shuffle would bring their channels into: instead of one
 * after the other, channel by channel.
 *
 *     %c = Concat(%a, %b) {axis = 1}                   f32[1,8,4,4]
 *     %s = Reshape(%c, %split)                         f32[1,2,4,4,4]
 *     %t = Transpose(%s) {perm = [0, 2, 1, 3, 4]}      f32[1,4,2,4,4]
 *     %y = Reshape(%t, %join)                          f32[1,8,4,4]
 *   →
 *     %p = Unsqueeze(%a, [2])                          f32[1,4,1,4,4]
 *     %q = Unsqueeze(%b, [2])
 *     %c = Concat(%p, %q) {axis = 2}                   f32[1,4,2,4,4]
 *     %y = Reshape(%c, %join)
 *
 * Nothing is moved but by the concatenation, whose parts may be computed in place.
 *
 * Source of the shuffle: Zhang et al., "ShuffleNet: An Extremely Efficient Convolutional Neural
 * Network for Mobile Devices", arXiv 1707.01083.
 */

import {
  type Dim,
  dimsEqual,
  int64Tensor,
  type Match,
  node,
  op,
  optionalAttribute,
  type Pass,
  type RewriteRule,
  requiredAttribute,
  rewriteGraph,
} from '@whittle/ir';

const rules: readonly RewriteRule[] = [
  {
    algebra: 'join(swap(split(a ‖ b))) → join(a and b in turns)',
    pattern: op(
      'Reshape',
      node('swap', 'Transpose', node('split', 'Reshape', node('joined', 'Concat'))),
    ),
    build: (match, rewriter) => {
      const shuffle = shuffleOf(match);
      if (shuffle === undefined || !hasPartForEachGroup(match, shuffle)) return undefined;
      const inner = shuffle.axis + 1;
      const axis = rewriter.constant(int64Tensor([inner]), 'axis');
      const parts = match.node('joined').inputs;
      const apart = parts.map((part) => rewriter.op('Unsqueeze', [part, axis]));
      const joined = rewriter.op('Concat', apart, { axis: inner });
      return rewriter.update({ inputs: [joined, match.root.inputs[1]] });
    },
  },
];

export const foldChannelShuffle: Pass = {
  id: 'fold-channel-shuffle',
  summary: 'Joins values channel by channel where their channels are shuffled.',
  run: (graph) => rewriteGraph(graph, rules),
};

/** An axis that is split in two, `groups` by `each`, which trade places and become one again. */
interface Shuffle {
  readonly axis: number;
  readonly groups: number;
  readonly each: number;
}

function shuffleOf(match: Match): Shuffle | undefined {
  const perm = optionalAttribute(match.node('swap'), 'perm', 'ints') ?? [];
  const axis = perm.findIndex((from, to) => from !== to);
  if (axis < 0) return undefined;
  const swapped = perm
    .map((_, to) => to)
    .with(axis, axis + 1)
    .with(axis + 1, axis);
  if (!perm.every((from, to) => from === swapped[to])) return undefined;
  const before = dimsOf(match, 'joined');
  const [groups, each] = dimsOf(match, 'split').slice(axis);
  if (typeof groups !== 'number' || typeof each !== 'number') return undefined;
  const split = before.toSpliced(axis, 1, groups, each);
  const after = match.root.outputs[0]?.type?.dims ?? [];
  const isWhole = before[axis] === groups * each && dimsEqual(split, dimsOf(match, 'split'));
  return isWhole && dimsEqual(after, before) ? { axis, groups, each } : undefined;
}

/** Whether each value joined is one group of the shuffle. */
function hasPartForEachGroup(match: Match, { axis, groups, each }: Shuffle): boolean {
  const joined = match.node('joined');
  const written = requiredAttribute(joined, 'axis', 'int');
  const joinedAlong = written < 0 ? written + dimsOf(match, 'joined').length : written;
  return (
    joinedAlong === axis &&
    joined.inputs.length === groups &&
    joined.inputs.every((part) => part?.type?.dims[axis] === each)
  );
}

function dimsOf(match: Match, name: string): readonly Dim[] {
  return match.node(name).outputs[0]?.type?.dims ?? [];
}
