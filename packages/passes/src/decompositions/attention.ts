/**
 * Attention in matrix products and a softmax, after the function body that ONNX gives for it.
 * Everything in it is [batch, heads, length, size]; T is the length of what is attended to.
 */

import {
  type Dim,
  dtypeFromCode,
  isBound,
  type Node,
  optionalAttribute,
  type Rewriter,
  requiredAttribute,
  tensorOf,
  type Value,
} from '@whittle/ir';
import { dtypeOf, type Steps, stepsOf } from '../shared/steps.js';
import { decomposition } from './decomposition.js';

export const attention = [
  decomposition(
    'Attention',
    'attention(q, k, v) → matmul(softmax(matmul(q · scale, kᵀ) + mask), v)',
    ({ root }, rewriter) => attend(root, rewriter),
  ),
];

function attend(root: Node, rewriter: Rewriter): readonly (Value | undefined)[] | undefined {
  const [q, k, v, mask, pastKey, pastValue, lengths] = root.inputs;
  const steps = stepsOf(rewriter);
  const query = q && splitHeads(root, rewriter, q, 'q_num_heads');
  const key = k && splitHeads(root, rewriter, k, 'kv_num_heads');
  const value = v && splitHeads(root, rewriter, v, 'kv_num_heads');
  const size = query?.type?.dims[3];
  if (!query || !key || !value || lengths || size === undefined || !isBound(size)) return undefined;
  const presentKey = pastKey ? rewriter.op('Concat', [pastKey, key], { axis: 2 }) : key;
  const presentValue = pastValue ? rewriter.op('Concat', [pastValue, value], { axis: 2 }) : value;

  const scale = optionalAttribute(root, 'scale', 'float') ?? 1 / Math.sqrt(size);
  const keys = repeatHeads(rewriter, presentKey, query);
  const values = repeatHeads(rewriter, presentValue, query);
  const turned = rewriter.op('Transpose', [keys], { perm: [0, 1, 3, 2] });
  const products = rewriter.op('MatMul', [steps.apply('Mul', [query, scale]), turned]);
  const capped = softcap(root, steps, products);
  const allowed = masked(root, steps, capped, mask, pastKey?.type?.dims[2] ?? 0);
  if (allowed === undefined) return undefined;
  const weights = softmax(root, rewriter, steps, allowed);
  const result = rewriter.op('MatMul', [weights, values]);
  const shown = [products, capped, allowed, weights];
  return [
    q.type?.dims.length === 3 ? joinHeads(rewriter, steps, result) : result,
    presentKey,
    presentValue,
    shown[requiredAttribute(root, 'qk_matmul_output_mode', 'int')],
  ];
}

/** Longer lists of indices are no model's. */
const maxIndices = 1 << 20;

/** [batch, length, heads · size] as [batch, heads, length, size], which others are already. */
function splitHeads(root: Node, rewriter: Rewriter, value: Value, name: string): Value | undefined {
  const [, , hidden] = value.type?.dims ?? [];
  if (value.type?.dims.length === 4) return value;
  const heads = optionalAttribute(root, name, 'int');
  if (heads === undefined || hidden === undefined || !isBound(hidden)) return undefined;
  const split = stepsOf(rewriter).reshape(value, [0, 0, heads, hidden / heads]);
  return rewriter.op('Transpose', [split], { perm: [0, 2, 1, 3] });
}

function joinHeads(rewriter: Rewriter, steps: Steps, value: Value): Value {
  const [, heads = 1, , size = 1] = value.type?.dims ?? [];
  const turned = rewriter.op('Transpose', [value], { perm: [0, 2, 1, 3] });
  return steps.reshape(turned, [0, 0, Number(heads) * Number(size)]);
}

/** Each head of the keys as often as there are heads of the query that share it. */
function repeatHeads(rewriter: Rewriter, value: Value, query: Value): Value {
  const own = value.type?.dims[1];
  const wanted = query.type?.dims[1];
  if (own === wanted || !isNumber(own) || !isNumber(wanted)) return value;
  const times = wanted / own;
  const heads = Array.from({ length: wanted }, (_, head) => Math.floor(head / times));
  const indices = rewriter.constant(tensorOf('int32', [wanted], heads));
  return rewriter.op('Gather', [value, indices], { axis: 1 });
}

function softcap(root: Node, steps: Steps, scores: Value): Value {
  const cap = requiredAttribute(root, 'softcap', 'float');
  if (cap === 0) return scores;
  const bent = steps.apply('Tanh', [steps.apply('Div', [scores, cap])]);
  return steps.apply('Mul', [bent, cap]);
}

/** −∞ where a query may not look; undefined where that cannot be told without sizes. */
function masked(
  root: Node,
  steps: Steps,
  scores: Value,
  mask: Value | undefined,
  past: Dim,
): Value | undefined {
  const [, , length, total] = scores.type?.dims ?? [];
  const full = mask && widenMask(steps, mask, total);
  if (mask && !full) return undefined;
  const open = full ? withMask(steps, scores, full) : scores;
  if (requiredAttribute(root, 'is_causal', 'int') === 0) return open;
  if (!isNumber(length) || !isNumber(total) || !isNumber(past)) return undefined;
  const rows = steps.range(past, past + length);
  const reach = steps.apply('LessOrEqual', [
    steps.range(0, total),
    steps.reshape(rows, [length, 1]),
  ]);
  return steps.apply('Where', [reach, open, Number.NEGATIVE_INFINITY]);
}

/** A mask shorter than what is attended to hides the rest. */
function widenMask(steps: Steps, mask: Value, total: Dim | undefined): Value | undefined {
  const dims = mask.type?.dims ?? [];
  const own = dims.at(-1);
  if (own === total || own === 1) return mask;
  if (!isNumber(own) || !isNumber(total) || own > total) return undefined;
  const hidden = dtypeOf(mask) === 'bool' ? 0 : Number.NEGATIVE_INFINITY;
  const before = dims.map(() => 0);
  return steps.pad(mask, before, before.with(-1, total - own), hidden);
}

function withMask(steps: Steps, scores: Value, mask: Value): Value {
  return dtypeOf(mask) === 'bool'
    ? steps.apply('Where', [mask, scores, Number.NEGATIVE_INFINITY])
    : steps.apply('Add', [scores, mask]);
}

function softmax(root: Node, rewriter: Rewriter, steps: Steps, scores: Value): Value {
  const code = optionalAttribute(root, 'softmax_precision', 'int');
  const precision = code === undefined ? undefined : dtypeFromCode(code);
  const precise = precision === undefined ? scores : steps.cast(scores, precision);
  return steps.cast(rewriter.op('Softmax', [precise], { axis: -1 }), dtypeOf(scores));
}

/** A dim as a number, up to which indices can be written out. */
function isNumber(dim: Dim | undefined): dim is number {
  return dim !== undefined && isBound(dim) && dim <= maxIndices;
}
