/**
 * Moves zero padding of spatial axes into the convolution after it.
 *
 *     %p = Pad(%x, %pads)             const %pads: i64[8] = [0, 0, 1, 1, 0, 0, 1, 1]
 *     %y = Conv(%p, %w)
 *   →
 *     %y = Conv(%x, %w) {pads = [1, 1, 1, 1]}
 */

import {
  any,
  integersOf,
  type Node,
  node,
  op,
  optionalAttribute,
  type Pass,
  type RewriteRule,
  requiredAttribute,
  rewriteGraph,
} from '@whittle/ir';
import { uniformValue } from './shared/constants.js';

const rules: readonly RewriteRule[] = [
  {
    algebra: 'conv(pad(x; p); q) → conv(x; p + q)',
    pattern: op('Conv', node('pad', 'Pad', any('x'))),
    build: (match, rewriter) => {
      const { root } = match;
      const added = spatialPads(match.node('pad'));
      const given = optionalAttribute(root, 'pads', 'ints');
      if (!added || requiredAttribute(root, 'auto_pad', 'string') !== 'NOTSET') return undefined;
      const pads = added.map((pad, i) => pad + (given?.[i] ?? 0));
      return rewriter.update({
        inputs: [match.value('x'), ...root.inputs.slice(1)],
        attributes: { pads },
      });
    },
  },
];

export const foldPad: Pass = {
  id: 'fold-pad',
  summary: 'Moves zero padding into the convolution after it.',
  run: (graph) => rewriteGraph(graph, rules),
};

/**
 * The pads of the spatial axes, begins and then ends, where the node pads nothing else, with zeros,
 * and takes nothing away.
 */
function spatialPads(pad: Node): readonly number[] | undefined {
  const [x, amounts, value, axes] = pad.inputs;
  const rank = x?.type?.dims.length;
  const pads = integersOf(amounts);
  if (rank === undefined || pads === undefined) return undefined;
  if (requiredAttribute(pad, 'mode', 'string') !== 'constant') return undefined;
  if (value !== undefined && uniformValue(value) !== 0) return undefined;
  const all = axes === undefined ? pads : onAllAxes(pads, integersOf(axes), rank);
  if (all === undefined || all.length !== 2 * rank || all.some((amount) => amount < 0)) {
    return undefined;
  }
  const begins = all.slice(0, rank);
  const ends = all.slice(rank);
  if ([begins[0], begins[1], ends[0], ends[1]].some((amount) => amount !== 0)) return undefined;
  return [...begins.slice(2), ...ends.slice(2)];
}

function onAllAxes(
  pads: readonly number[],
  axes: readonly number[] | undefined,
  rank: number,
): readonly number[] | undefined {
  if (axes === undefined) return undefined;
  const all = Array<number>(2 * rank).fill(0);
  axes.forEach((axis, i) => {
    const at = axis < 0 ? axis + rank : axis;
    all[at] = pads[i] ?? 0;
    all[at + rank] = pads[i + axes.length] ?? 0;
  });
  return all;
}
