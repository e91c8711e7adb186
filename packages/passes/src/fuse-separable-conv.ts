/**
 * Makes one op of a depthwise convolution and the pointwise one after it, whose kernel never holds
 * the tensor between them as a whole; of an inverted residual block, which expands before it filters;
 * and of the first half of such a block, where something reads all that is filtered before it is
 * projected.
 *
 *     %d = Conv(%x, %dw, %b) {group = 32, pads = [1, 1, 1, 1], activation = "Relu"}
 *     %y = Conv(%d, %pw, %c, %r)
 *   →
 *     %y = SeparableConv(%x, %dw, %pw, %b, %c, %r)
 *            {band_rows = 4, pads = [1, 1, 1, 1], depthwise_activation = "Relu"}
 *
 * Nothing is computed twice either way, so it is a matter of where the tensor between goes: the
 * target's numbers decide (`shared/separable-cost.ts`).
 */

import {
  type AttributeLiterals,
  type Node,
  optionalAttribute,
  type Pass,
  type PassContext,
  type Rewriter,
  sweepGraph,
  type Value,
  type Visit,
} from '@whittle/ir';
import { chooseFusion, type FusionChoice } from './shared/choose-fusion.js';
import { chainEndingAt, expansionEndingAt } from './shared/separable-chain.js';

export const fuseSeparableConv: Pass = {
  id: 'fuse-separable-conv',
  summary: 'Makes one op of depthwise and pointwise convolutions where that pays.',
  run: (graph, context) => {
    const projected = sweepGraph(graph, fuseChains(chainEndingAt, context));
    // What is left may still be filtered as it is expanded.
    return sweepGraph(projected, fuseChains(expansionEndingAt, context));
  },
};

function fuseChains(chainAt: typeof chainEndingAt, context: PassContext): Visit {
  return (node, rewriter) => {
    const chain = chainAt(node, rewriter);
    if (chain === undefined) return undefined;
    const { decision, fused } = chooseFusion(chain, context);
    context.onDecision?.({ pass: fuseSeparableConv.id, ...decision });
    return fused && fuse(fused, rewriter);
  };
}

function fuse(
  { expand, depthwise, pointwise, bandRows }: NonNullable<FusionChoice['fused']>,
  rewriter: Rewriter,
): Value {
  const [x, d, bd] = depthwise.inputs;
  const [, p, bp] = pointwise?.inputs ?? [];
  const r = (pointwise ?? depthwise).inputs[3];
  const [input, e, be] = expand?.inputs ?? [x];
  return rewriter.op('SeparableConv', [input, d, p, bd, bp, r, e, be], {
    band_rows: bandRows,
    ...windowOf(depthwise),
    ...(expand && activationOf(expand, 'expand_')),
    ...activationOf(depthwise, pointwise === undefined ? '' : 'depthwise_'),
    ...(pointwise && activationOf(pointwise, '')),
  });
}

function windowOf(depthwise: Node): AttributeLiterals {
  const names = ['strides', 'pads', 'dilations'];
  return Object.fromEntries(
    names.map((name) => [name, optionalAttribute(depthwise, name, 'ints')]),
  );
}

/** The activation of one stage under the name that it has in the op. */
function activationOf(stage: Node, prefix: string): AttributeLiterals {
  return {
    [`${prefix}activation`]: optionalAttribute(stage, 'activation', 'string'),
    [`${prefix}activation_params`]: optionalAttribute(stage, 'activation_params', 'floats'),
  };
}
