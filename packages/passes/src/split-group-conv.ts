/**
 * Makes of a grouped convolution one convolution for each group.
 *
 *     %y = Conv(%x, %w, %b, %r) {group = 2, activation = "Relu"}        f32[1,8,4,4]
 *   →
 *     %x0, %x1 = Split(%x, [4, 4]) {axis = 1}
 *     %r0, %r1 = Split(%r, [4, 4]) {axis = 1}
 *     %y0 = Conv(%x0, %w0, %b0, %r0) {activation = "Relu"}
 *     %y1 = Conv(%x1, %w1, %b1, %r1) {activation = "Relu"}
 *     %y = Concat(%y0, %y1) {axis = 1}
 *
 * It is for engines that know no groups or are slow at them: what is computed stays the same to the
 * bit, in more steps. `shared/choose-split.ts` decides.
 */

import {
  int64Tensor,
  type Node,
  type Pass,
  type Rewriter,
  sweepGraph,
  type Tensor,
  type Value,
} from '@whittle/ir';
import { chooseSplit } from './shared/choose-split.js';

export const splitGroupConv: Pass = {
  id: 'split-group-conv',
  summary: 'Makes of a grouped convolution one convolution for each group, where that pays.',
  run: (graph, context) =>
    sweepGraph(graph, (node, rewriter) => {
      const chosen = chooseSplit(node, context);
      if (chosen === undefined) return undefined;
      const { decision, groups } = chosen;
      context.onDecision?.({ pass: splitGroupConv.id, ...decision });
      return groups === undefined ? undefined : split(node, groups, rewriter);
    }),
};

function split(conv: Node, groups: number, rewriter: Rewriter): Value {
  const [x, w, b, r] = conv.inputs;
  const [outputs = 0, inputs = 0] = w?.constant?.dims ?? [];
  const images = splitChannels(x, groups, inputs, rewriter);
  const residuals = splitChannels(r, groups, outputs / groups, rewriter);
  const filters = sliceConstant(w, groups, rewriter);
  const biases = sliceConstant(b, groups, rewriter);
  const attributes = { ...conv.attributes, group: undefined };
  const parts = images.map((image, i) =>
    rewriter.op('Conv', [image, filters[i], biases[i], residuals[i]], attributes),
  );
  return rewriter.op('Concat', parts, { axis: 1 });
}

/** Parts of `channels` channels each; none of a tensor that is absent. */
function splitChannels(
  value: Value | undefined,
  groups: number,
  channels: number,
  rewriter: Rewriter,
): readonly (Value | undefined)[] {
  if (value === undefined) return [];
  const sizes = rewriter.constant(int64Tensor(Array<number>(groups).fill(channels)), 'split');
  const outputs = Array<string>(groups).fill(value.name);
  return rewriter.node('Split', [value, sizes], { axis: 1 }, { outputs }).outputs;
}

/** Equal parts of a constant along axis 0, over the same bytes; none of one that is absent. */
function sliceConstant(
  value: Value | undefined,
  groups: number,
  rewriter: Rewriter,
): readonly Value[] {
  const constant = value?.constant;
  if (value === undefined || constant === undefined) return [];
  const [length = 0, ...rest] = constant.dims;
  const size = constant.bytes.length / groups;
  return Array.from({ length: groups }, (_, i) => {
    const bytes = constant.bytes.subarray(i * size, (i + 1) * size);
    const tensor: Tensor = { dtype: constant.dtype, dims: [length / groups, ...rest], bytes };
    return rewriter.constant(tensor, value.name);
  });
}
