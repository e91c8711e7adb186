/** Attention, and how positions come into it. */

import { addDims, type Dim, floorDivDims, formatDims, isBound, mulDims } from '../dim.js';
import type { InferContext, OpRecord } from '../op-record.js';
import { broadcastsTo } from './broadcast.js';
import { dimAt, requireDType, requireRank, requireSameDim } from './checks.js';
import { float, formals, int } from './signature.js';

export const attentionOps: readonly OpRecord[] = [
  {
    name: 'Attention',
    since: 23,
    summary: 'softmax(Q Kᵀ · scale + mask) V, by heads',
    inputs: formals('Q K V attn_mask? past_key? past_value? nonpad_kv_seqlen?'),
    outputs: formals('Y present_key? present_value? qk_matmul_output?'),
    attributes: {
      is_causal: int(0),
      kv_num_heads: int(),
      q_num_heads: int(),
      qk_matmul_output_mode: int(0),
      scale: float(),
      softcap: float(0),
      softmax_precision: int(),
    },
    traits: { fusion: 'opaque' },
    hint: 'Attention is compiled where the lengths of its sequences are known, and without nonpad_kv_seqlen.',
    infer: (context) => {
      const dtype = requireDType(context, 0, 'float');
      const q = headsOf(context, 0, 'q_num_heads');
      const k = headsOf(context, 1, 'kv_num_heads');
      const v = headsOf(context, 2, 'kv_num_heads');
      const [batch, heads, length] = q;
      const total = addDims(pastLength(context, 4), k[2]);
      requireSameDim(context, batch, k[0], 'batches');
      requireSameDim(context, batch, v[0], 'batches');
      requireSameDim(context, q[3], k[3], 'sizes of queries and keys');
      requireSameDim(context, k[1], v[1], 'heads of keys and values');
      requireMask(context, [batch, heads, length, total]);
      if (isBound(heads) && isBound(k[1]) && (k[1] === 0 || heads % k[1] !== 0)) {
        context.fail(`has ${heads} heads for ${k[1]} of keys`);
      }
      const isFlat = context.input(0).dims.length === 3;
      return [
        {
          dtype,
          dims: isFlat ? [batch, length, mulDims(heads, v[3])] : [batch, heads, length, v[3]],
        },
        { dtype: context.input(1).dtype, dims: [k[0], k[1], total, k[3]] },
        {
          dtype: context.input(2).dtype,
          dims: [v[0], v[1], addDims(pastLength(context, 5), v[2]), v[3]],
        },
        { dtype, dims: [batch, heads, length, total] },
      ];
    },
  },
  {
    name: 'RotaryEmbedding',
    since: 23,
    summary: 'pairs of elements turned by an angle for each position',
    inputs: formals('X cos_cache sin_cache position_ids?'),
    outputs: formals('Y'),
    attributes: { interleaved: int(0), num_heads: int(0), rotary_embedding_dim: int(0) },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      const dtype = requireDType(context, 0, 'float');
      const { dims } = context.input(0);
      if (dims.length === 3 && context.int('num_heads') < 1) context.fail('lacks num_heads');
      if (dims.length !== 3) requireRank(context, 0, 4);
      const size =
        dims.length === 3 ? floorDivDims(dims[2] ?? 0, context.int('num_heads')) : dims[3];
      const turned = context.int('rotary_embedding_dim') || (size ?? 0);
      const rows = [dims[0] ?? 1, dims[dims.length === 3 ? 1 : 2] ?? 1];
      for (const cache of [1, 2]) {
        const angles = requireRank(context, cache, context.has(3) ? 2 : 3);
        const wanted = [...(context.has(3) ? angles.slice(0, 1) : rows), floorDivDims(turned, 2)];
        angles.forEach((dim, axis) => {
          requireSameDim(context, dim, wanted[axis] ?? dim, `dims of input ${cache}`);
        });
      }
      if (context.has(3)) {
        requireRank(context, 3, 2).forEach((dim, axis) => {
          requireSameDim(context, dim, rows[axis] ?? dim, 'positions');
        });
      }
      return [{ dtype, dims }];
    },
  },
];

/** [batch, heads, length, size] of an input that has these dims, or [batch, length, heads · size]. */
function headsOf(
  context: InferContext,
  index: number,
  name: string,
): readonly [Dim, Dim, Dim, Dim] {
  const { dims } = context.input(index);
  if (dims.length !== 3) {
    const [batch = 1, heads = 1, length = 1, size = 1] = requireRank(context, index, 4);
    return [batch, heads, length, size];
  }
  const heads = context.optionalInt(name) ?? 0;
  if (heads < 1) context.fail(`lacks ${name}, which its input ${index} of rank 3 needs`);
  const hidden = dimAt(context, dims, 2);
  if (isBound(hidden) && hidden % heads !== 0) {
    context.fail(`has ${heads} heads, which do not divide ${hidden}`);
  }
  return [dimAt(context, dims, 0), heads, dimAt(context, dims, 1), floorDivDims(hidden, heads)];
}

/** A mask broadcasts to the products; its last axis may be shorter than theirs. */
function requireMask(context: InferContext, products: readonly Dim[]): void {
  if (!context.has(3)) return;
  const { dims } = context.input(3);
  if (dims.length >= 2 && broadcastsTo(dims.with(-1, 1), products) !== false) return;
  context.fail(`has a mask ${formatDims(dims)} for products ${formatDims(products)}`);
}

function pastLength(context: InferContext, index: number): Dim {
  return context.has(index) ? (requireRank(context, index, 4)[2] ?? 0) : 0;
}
