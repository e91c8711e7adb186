/**
 * Moves padding of spatial axes into the convolution or pool after it.
 *
 *     %p = Pad(%x, %pads)             const %pads: i64[8] = [0, 0, 1, 1, 0, 0, 1, 1]
 *     %y = Conv(%p, %w)
 *   →
 *     %y = Conv(%x, %w) {pads = [1, 1, 1, 1]}
 *
 * PyTorch's exporter pads before pools of means that count their padding, and Keras before any pool.
 */

import {
  type AttributeLiterals,
  any,
  type Match,
  node,
  op,
  optionalAttribute,
  type Pass,
  type RewriteContext,
  type RewriteRule,
  requiredAttribute,
  rewriteGraph,
} from '@whittle/ir';
import { isNonNegative } from './shared/non-negative.js';
import { spatialPads, windowPads } from './shared/spatial-pads.js';

const rules: readonly RewriteRule[] = [
  row('conv(pad(x; p); q) → conv(x; p + q)', 'Conv', (fill) => fill === 0),
  row(
    'average(pad(x; p); q) → average(x; p + q), which counts what is padded',
    'AveragePool',
    (fill, match) => fill === 0 && isPlainPool(match) && countsPads(match),
    { count_include_pad: 1 },
  ),
  row(
    'max(pad(x; p); q) → max(x; p + q), where nothing of x is below what it is padded with',
    'MaxPool',
    (fill, match, context) =>
      isPlainPool(match) && !givesIndices(match, context) && isBelowAll(fill, match, context),
  ),
];

export const foldPad: Pass = {
  id: 'fold-pad',
  summary: 'Moves padding into the convolution or pool after it.',
  run: (graph) => rewriteGraph(graph, rules),
};

/** `isOwnPadding` says whether the window pads with what does the same as `fill`. */
function row(
  algebra: string,
  window: string,
  isOwnPadding: (fill: number, match: Match, context: RewriteContext) => boolean,
  attributes: AttributeLiterals = {},
): RewriteRule {
  return {
    algebra,
    pattern: op(window, node('pad', 'Pad', any('x'))),
    build: (match, rewriter) => {
      const { root } = match;
      const added = spatialPads(match.node('pad'));
      const given = added && windowPads(root, added.amounts.length / 2);
      if (!added || !given || !isOwnPadding(added.value, match, rewriter)) return undefined;
      const pads = added.amounts.map((amount, i) => amount + (given[i] ?? 0));
      if (window !== 'Conv' && !pads.every((pad, i) => pad < kernelSize(match, i)))
        return undefined;
      return rewriter.update({
        inputs: [match.value('x'), ...root.inputs.slice(1)],
        attributes: { ...attributes, auto_pad: undefined, pads },
      });
    },
  };
}

/**
 * The size of a pool's window along the axis of one of its pads. A pool must not be padded by more
 * than its window leaves, so that no window lies in the padding as a whole.
 */
function kernelSize({ root }: Match, pad: number): number {
  const kernel = requiredAttribute(root, 'kernel_shape', 'ints');
  return kernel[pad % kernel.length] ?? 0;
}

/** Windows without gaps, that end where the padded input ends. */
function isPlainPool({ root }: Match): boolean {
  const dilations = optionalAttribute(root, 'dilations', 'ints') ?? [];
  const ceilMode = requiredAttribute(root, 'ceil_mode', 'int');
  return ceilMode === 0 && dilations.every((dilation) => dilation === 1);
}

/** The pads it has must count as those that are added will. */
function countsPads({ root }: Match): boolean {
  const pads = optionalAttribute(root, 'pads', 'ints') ?? [];
  return (
    requiredAttribute(root, 'count_include_pad', 'int') === 1 || pads.every((pad) => pad === 0)
  );
}

/** Where the largest elements are is told by positions in the padded input. */
function givesIndices({ root }: Match, context: RewriteContext): boolean {
  const indices = root.outputs[1];
  return indices !== undefined && context.useCount(indices) > 0;
}

function isBelowAll(fill: number, match: Match, context: RewriteContext): boolean {
  return fill === -Infinity || (fill <= 0 && isNonNegative(match.value('x'), context));
}
