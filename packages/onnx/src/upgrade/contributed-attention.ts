/**
 * Attention of the `com.microsoft` domain as ONNX's own: inputs are projected and split first, and the several
 * ways to say what is hidden become one number that is added.
 *
 * Sizes: B batches, S queries, T keys, H heads, D elements of a head.
 */

import { int64Tensor, isBound, tensorOf, type Value } from '@whittle/ir';
import { hiddenKeys } from './hidden-keys.js';
import { requiredInput, respell, written, writtenInts } from './node-edits.js';
import type { ImportedNode, Upgrade, UpgradeContext, UpgradeRow } from './upgrade.js';

const below = Number.POSITIVE_INFINITY;

export const contributedAttention: readonly (readonly [string, readonly UpgradeRow[]])[] = [
  ['com.microsoft::Attention', [{ below, upgrade: selfAttention }]],
  ['com.microsoft::MultiHeadAttention', [{ below, upgrade: multiHeadAttention }]],
  ['com.microsoft::RotaryEmbedding', [{ below, upgrade: rotaryEmbedding }]],
];

/** Queries, keys and values are one product; past and present are keys and values in one tensor. */
function selfAttention(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const [, weights, bias, mask, past, added, shared] = node.inputs;
  const width = weights?.type?.dims[1];
  if (written(node, 'do_rotary', 'int')) throw context.unsupported('turns queries and keys');
  if (shared || written(node, 'past_present_share_buffer', 'int')) {
    throw context.unsupported('writes the present into the past');
  }
  const given = writtenInts(node, 'qkv_hidden_sizes');
  if (width === undefined || !isBound(width) || (!given && width % 3 !== 0)) {
    throw context.unsupported('has unknown sizes');
  }
  const product = context.emit('MatMul', [requiredInput(node, 0), weights]);
  const projected = bias ? context.emit('Add', [product, bias]) : product;
  const sizes = given ?? Array<number>(3).fill(width / 3);
  const [q, k, v] = slices(projected, sizes, 2, context);
  const pastParts = past ? [0, 1].map((part) => pick(past, 0, part, context)) : [];
  const inputs = [q, k, v, mask, added, ...pastParts];
  const [, presentName] = node.outputs;
  const [y, presentKey, presentValue] = attention(node, inputs, context);
  if (presentName !== undefined) {
    const axis = context.constant(int64Tensor([0]));
    const parts = [presentKey, presentValue].map((part) => context.emit('Unsqueeze', [part, axis]));
    context.define({ ...respell(node, 'Concat', parts, { axis: 0 }), outputs: [presentName] });
  }
  return { ...respell(node, 'Identity', [y]), outputs: node.outputs.slice(0, 1) };
}

function multiHeadAttention(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const [, , , bias, mask, added, pastKey, pastValue, ...cache] = node.inputs;
  if (cache.some((input) => input !== undefined)) throw context.unsupported('writes into a cache');
  if (context.isUsed(node.outputs[3])) throw context.unsupported('shows its products');
  const operands = unpacked(node, context);
  const [q, k, v] = bias ? biased(operands, bias, context) : operands;
  const results = attention(node, [q, k, v, mask, added, pastKey, pastValue], context);
  for (const [i, name] of node.outputs.slice(1, 3).entries()) {
    const present = results[i + 1];
    if (name === undefined || present === undefined) continue;
    context.define({ ...respell(node, 'Identity', [present]), outputs: [name] });
  }
  const [y] = results;
  if (q?.type?.dims.length !== 4) {
    return { ...respell(node, 'Identity', [y]), outputs: node.outputs.slice(0, 1) };
  }
  const turned = context.emit('Transpose', [y], { perm: [0, 2, 1, 3] });
  const flat = context.constant(int64Tensor([0, 0, -1]));
  return { ...respell(node, 'Reshape', [turned, flat]), outputs: node.outputs.slice(0, 1) };
}

/** ONNX's own op over [q, k, v, mask, added, past key, past value]: result, present key, present value. */
function attention(
  node: ImportedNode,
  [q, k, v, mask, added, pastKey, pastValue]: readonly (Value | undefined)[],
  context: UpgradeContext,
): readonly Value[] {
  const heads = written(node, 'num_heads', 'int') ?? 0;
  const filter = written(node, 'mask_filter_value', 'float') ?? -10000;
  const hidden = mask && hiddenKeys(mask, { q, k, past: pastKey, filter }, context);
  const bias = hidden && added ? context.emit('Add', [hidden, added]) : (hidden ?? added);
  const isFlat = q?.type?.dims.length === 3;
  return context.emitAll(3, 'Attention', [q, k, v, bias, pastKey, pastValue], {
    ...(isFlat ? { q_num_heads: heads, kv_num_heads: heads } : {}),
    is_causal: written(node, 'unidirectional', 'int') ?? 0,
    scale: written(node, 'scale', 'float') || undefined,
  });
}

/** Queries, keys and values, all [B,S,H·D] or all [B,H,S,D], from what may be packed into one tensor. */
function unpacked(node: ImportedNode, context: UpgradeContext): readonly Value[] {
  const [query, key, value] = node.inputs;
  const heads = written(node, 'num_heads', 'int') ?? 0;
  const turned = (part: Value) => context.emit('Transpose', [part], { perm: [0, 2, 1, 3] });
  const parts = (packed: Value, count: number) =>
    Array.from({ length: count }, (_, i) => turned(pick(packed, 3, i, context)));
  if (query === undefined) throw context.unsupported('has no queries');
  if (key === undefined) return parts(query, 3);
  const isFlat = (part: Value | undefined) => part?.type?.dims.length === 3;
  if (isFlat(query) && isFlat(key) && value && isFlat(value)) return [query, key, value];
  if (!isFlat(query)) throw context.unsupported('has queries of unknown rank');
  const shape = context.constant(int64Tensor([0, 0, heads, -1]));
  const split = turned(context.emit('Reshape', [query, shape]));
  if (value === undefined) return [split, ...parts(key, 2)];
  if (key.type?.dims.length === 4 && value.type?.dims.length === 4) return [split, key, value];
  throw context.unsupported('has keys and values of different ranks');
}

/** One bias for queries, keys and values together. */
function biased(
  operands: readonly Value[],
  bias: Value,
  context: UpgradeContext,
): readonly Value[] {
  const sizes = operands.map(({ type }) => (type?.dims.length === 3 ? type.dims[2] : undefined));
  if (!sizes.every((size) => size !== undefined && isBound(size))) {
    throw context.unsupported('has a bias of packed or unknown sizes');
  }
  const parts = slices(bias, sizes.map(Number), 0, context);
  return operands.map((operand, i) => context.emit('Add', [operand, parts[i]]));
}

/** Neighbouring parts of an axis. */
function slices(
  value: Value,
  sizes: readonly number[],
  axis: number,
  context: UpgradeContext,
): readonly Value[] {
  const lengths = context.constant(int64Tensor(sizes));
  return context.emitAll(sizes.length, 'Split', [value, lengths], { axis });
}

/** The tensor at one index of an axis. */
function pick(value: Value, axis: number, at: number, context: UpgradeContext): Value {
  return context.emit('Gather', [value, context.constant(tensorOf('int64', [], [at]))], { axis });
}

/** A single position is that of the first token; how many heads there are may follow from the caches. */
function rotaryEmbedding(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const [x, positions, cosines, sines] = [0, 1, 2, 3].map((index) => requiredInput(node, index));
  if (!x || !positions || !cosines) return node;
  if (written(node, 'is_packed_batching', 'int')) throw context.unsupported('packs its batches');
  if ((written(node, 'scale', 'float') ?? 1) !== 1) throw context.unsupported('scales its input');
  const turned = written(node, 'rotary_embedding_dim', 'int') ?? 0;
  const isFlat = x.type?.dims.length === 3;
  const heads = written(node, 'num_heads', 'int') || (isFlat ? headsFrom(x, cosines, context) : 0);
  const inputs = [x, cosines, sines, everyPosition(x, positions, context)];
  return respell(node, 'RotaryEmbedding', inputs, {
    interleaved: written(node, 'interleaved', 'int') ?? 0,
    num_heads: heads,
    rotary_embedding_dim: turned,
  });
}

function headsFrom(x: Value, cosines: Value, context: UpgradeContext): number {
  const [hidden, half] = [x.type?.dims[2], cosines.type?.dims[1]];
  if (hidden && half && isBound(hidden) && isBound(half)) return hidden / (2 * half);
  throw context.unsupported('has an unknown number of heads');
}

/** [B,S] positions, which count up from a single one. */
function everyPosition(x: Value, positions: Value, context: UpgradeContext): Value {
  if (positions.type?.dims.length !== 1) return positions;
  const [batch, ...dims] = x.type?.dims ?? [];
  const length = dims.at(-2);
  if (!batch || !length || !isBound(batch) || !isBound(length) || batch * length > 1 << 20) {
    throw context.unsupported('has unknown sizes');
  }
  const steps = Array.from({ length: batch * length }, (_, i) => i % length);
  const offsets = context.constant(tensorOf('int64', [batch, length], steps));
  return context.emit('Add', [positions, offsets]);
}
