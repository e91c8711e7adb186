/** Normalisations of the `com.microsoft` domain, and those that it had before ONNX had them. */

import { dtypes, int64Tensor, tensorOf, type Value } from '@whittle/ir';
import { requiredInput, respell, written } from './node-edits.js';
import type { ImportedNode, Upgrade, UpgradeContext, UpgradeRow } from './upgrade.js';

const below = Number.POSITIVE_INFINITY;

export const contributedNormalizations: readonly (readonly [string, readonly UpgradeRow[]])[] = [
  ['com.microsoft::LayerNormalization', [{ below, upgrade: layerNormalization }]],
  ['com.microsoft::SimplifiedLayerNormalization', [{ below, upgrade: rmsNormalization }]],
  // onnxruntime knows it in the domain of ONNX itself.
  ['SimplifiedLayerNormalization', [{ below, upgrade: rmsNormalization }]],
  ['com.microsoft::SkipLayerNormalization', [{ below, upgrade: skipLayerNormalization }]],
  ['com.microsoft::SkipSimplifiedLayerNormalization', [{ below, upgrade: skipRmsNormalization }]],
  ['com.microsoft::EmbedLayerNormalization', [{ below, upgrade: embedLayerNormalization }]],
  ['com.microsoft::GroupNorm', [{ below, upgrade: groupNorm }]],
];

function layerNormalization(...[node]: Parameters<Upgrade>): ReturnType<Upgrade> {
  return respell(node, 'LayerNormalization', node.inputs, node.attributes);
}

function rmsNormalization(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  requireUnread(node, context, 1, 1);
  const scaled = respell(node, 'RMSNormalization', node.inputs.slice(0, 2), node.attributes);
  return { ...scaled, outputs: node.outputs.slice(0, 1) };
}

/** Layer normalisation of `input + skip + bias`, a sum that may be wanted as well. */
function skipLayerNormalization(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const [, , gamma, beta, bias] = node.inputs;
  const sum = skipSum(node, bias, context);
  const normal = respell(node, 'LayerNormalization', [sum, gamma, beta], epsilonOf(node));
  return { ...normal, outputs: node.outputs.slice(0, 3) };
}

function skipRmsNormalization(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const [, , gamma, bias] = node.inputs;
  requireUnread(node, context, 1, 2);
  const sum = skipSum(node, bias, context);
  const normal = respell(node, 'RMSNormalization', [sum, gamma], epsilonOf(node));
  return { ...normal, outputs: node.outputs.slice(0, 1) };
}

function epsilonOf(node: ImportedNode): { readonly epsilon: number } {
  return { epsilon: written(node, 'epsilon', 'float') ?? Math.fround(1e-12) };
}

/** The sum that is normalised, under the name of output 3 where that is wanted. */
function skipSum(node: ImportedNode, bias: Value | undefined, context: UpgradeContext): Value {
  const input = requiredInput(node, 0);
  const skip = requiredInput(node, 1);
  const shifted = bias ? context.emit('Add', [input, bias]) : input;
  return namedSum(node, [shifted, skip], 3, context);
}

function namedSum(
  node: ImportedNode,
  terms: readonly Value[],
  output: number,
  context: UpgradeContext,
): Value {
  const name = node.outputs[output];
  if (name === undefined) return context.emit('Add', terms);
  const [sum] = context.define({ ...respell(node, 'Add', terms), outputs: [name] }).outputs;
  return sum ?? context.emit('Add', terms);
}

/** Outputs that only training reads. */
function requireUnread(
  node: ImportedNode,
  context: UpgradeContext,
  first: number,
  last: number,
): void {
  const isRead = node.outputs.slice(first, last + 1).some((name) => context.isUsed(name));
  if (isRead) throw context.unsupported(`has a reader of its output ${first}`);
}

/** The embeddings of words, positions and segments added up, and layer normalisation of that. */
function embedLayerNormalization(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const [, segments, , , ofSegments, gamma, beta, mask, positions] = node.inputs;
  const [ids, ofWords, ofPositions] = [0, 2, 3].map((index) => requiredInput(node, index));
  if (!ids || !ofWords || !ofPositions) return node;
  const words = context.emit('Gather', [ofWords, ids]);
  const places = positions
    ? context.emit('Gather', [ofPositions, positions])
    : firstRows(ofPositions, ids, context);
  const terms =
    segments && ofSegments
      ? [context.emit('Add', [words, places]), context.emit('Gather', [ofSegments, segments])]
      : [words, places];
  const sum = namedSum(node, terms, 2, context);
  countWords(node, ids, mask, context);
  const normal = respell(node, 'LayerNormalization', [sum, gamma, beta], epsilonOf(node));
  return { ...normal, outputs: node.outputs.slice(0, 1) };
}

/** As many rows of a matrix as there are positions in `ids`. */
function firstRows(matrix: Value, ids: Value, context: UpgradeContext): Value {
  const zero = context.constant(int64Tensor([0]));
  const length = context.emit('Shape', [ids], { start: 1, end: 2 });
  return context.emit('Slice', [matrix, zero, length, zero]);
}

/** Output 1: how many words of each row the mask lets through, 0 without a mask. */
function countWords(
  node: ImportedNode,
  ids: Value,
  mask: Value | undefined,
  context: UpgradeContext,
): void {
  const name = node.outputs[1];
  if (name === undefined) return;
  if (!context.isUsed(name)) return;
  const zero = context.constant(tensorOf('int32', [], [0]));
  const seen = mask
    ? context.emit('Greater', [mask, zero])
    : context.emit('Less', [ids, context.emit('CastLike', [zero, ids])]);
  const ones = context.emit('Cast', [seen], { to: dtypes.int32.code });
  const counted = respell(node, 'ReduceSum', [ones, context.constant(int64Tensor([1]))], {
    keepdims: 0,
  });
  context.define({ ...counted, outputs: [name] });
}

/** Group normalisation of images that are channels-last, and SiLU where `activation` is 1. */
function groupNorm(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const x = requiredInput(node, 0);
  const isLast = (written(node, 'channels_last', 'int') ?? 1) !== 0;
  const axes = x.type?.dims.map((_, axis) => axis);
  if (axes === undefined) throw context.unsupported('has an input of unknown rank');
  const image = isLast
    ? context.emit('Transpose', [x], { perm: [0, axes.length - 1, ...axes.slice(1, -1)] })
    : x;
  const [scale, bias] = [1, 2].map((index) => {
    const parameter = requiredInput(node, index);
    return parameter.type?.dtype === x.type?.dtype
      ? parameter
      : context.emit('CastLike', [parameter, x]);
  });
  const normal = context.emit('GroupNormalization', [image, scale, bias], {
    num_groups: written(node, 'groups', 'int') ?? 1,
    epsilon: written(node, 'epsilon', 'float') ?? 1e-5,
  });
  const silu = (written(node, 'activation', 'int') ?? 0) === 1;
  const result = silu ? context.emit('Mul', [normal, context.emit('Sigmoid', [normal])]) : normal;
  if (!isLast) return respell(node, 'Identity', [result]);
  return respell(node, 'Transpose', [result], { perm: [0, ...axes.slice(2), 1] });
}
