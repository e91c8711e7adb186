/** Normalisations, attention, recurrent layers, losses: ops that other ops spell. */

import { bool, f32, fixed, i64 } from '../../../kernel/test/op-cases/op-case.js';
import { f, i, s } from '../onnx-models.js';
import { inEachFloat, type OpsetCase, opsetCase } from './opset-case.js';

// biome-ignore format: a table
const normalizationCases: readonly OpsetCase[] = [
  opsetCase(18, 'GroupNormalization', [f32([2, 4, 3]), f32([2]), f32([2])], { num_groups: i(2) }),
  opsetCase(18, 'GroupNormalization', [f32([1, 6, 2, 2]), fixed(f32([3])), fixed(f32([3]))], { num_groups: i(3), epsilon: f(0.0625) }),
  opsetCase(18, 'GroupNormalization', [f32([1, 4, 5]), f32([1]), f32([1])], { num_groups: i(1) }),
  opsetCase(21, 'GroupNormalization', [f32([2, 4, 3]), f32([4]), f32([4])], { num_groups: i(2) }),
  opsetCase(21, 'GroupNormalization', [f32([1, 6, 2, 2]), fixed(f32([6])), fixed(f32([6]))], { num_groups: i(3), epsilon: f(0.0625) }),
  ...inEachFloat(21, 'GroupNormalization', [f32([1, 4, 5]), f32([4]), f32([4])], { num_groups: i(4), stash_type: i(1) }),
  ...inEachFloat(23, 'RMSNormalization', [f32([2, 3, 4]), f32([4])], {}),
  opsetCase(23, 'RMSNormalization', [f32([2, 3, 4]), fixed(f32([3, 4]))], { axis: i(1), epsilon: f(0.0625) }),
  opsetCase(23, 'RMSNormalization', [f32([2, 3]), f32([1])], { axis: i(-1) }),
];

const q = f32([1, 2, 3, 4]);
const k = f32([1, 2, 5, 4]);
const v = f32([1, 2, 5, 6]);
const heads = { q_num_heads: i(2), kv_num_heads: i(2) };

// biome-ignore format: a table
const attentionCases: readonly OpsetCase[] = [
  opsetCase(23, 'Attention', [q, k, v], {}),
  opsetCase(23, 'Attention', [q, k, v], { is_causal: i(1), scale: f(0.25) }),
  opsetCase(23, 'Attention', [q, k, v, f32([3, 5])], { softcap: f(2) }),
  opsetCase(23, 'Attention', [q, k, v, bool([3, 5], [1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 1])], {}),
  opsetCase(23, 'Attention', [f32([1, 3, 8]), f32([1, 5, 8]), f32([1, 5, 8])], heads),
  opsetCase(23, 'Attention', [f32([1, 3, 8]), f32([1, 5, 4]), f32([1, 5, 4])], { q_num_heads: i(4), kv_num_heads: i(2) }),
  opsetCase(23, 'Attention', [f32([1, 4, 3, 4]), k, v], {}, { note: 'grouped' }),
  opsetCase(23, 'Attention', [q, k, v, undefined, f32([1, 2, 2, 4]), f32([1, 2, 2, 6])], { is_causal: i(1) }, { outputs: ['y', 'present_key', 'present_value'] }),
  ...[0, 1, 2, 3].map((mode) => opsetCase(23, 'Attention', [q, k, v, f32([3, 5])], { qk_matmul_output_mode: i(mode) }, { outputs: ['y', '', '', 'qk'] })),

  opsetCase(23, 'RotaryEmbedding', [f32([1, 2, 3, 4]), f32([1, 3, 2]), f32([1, 3, 2])], {}),
  opsetCase(23, 'RotaryEmbedding', [f32([1, 2, 3, 4]), f32([6, 2]), f32([6, 2]), i64([1, 3], [4, 0, 2])], { interleaved: i(1) }),
  opsetCase(23, 'RotaryEmbedding', [f32([1, 3, 8]), f32([6, 2]), f32([6, 2]), i64([1, 3], [4, 0, 2])], { num_heads: i(2) }),
  opsetCase(23, 'RotaryEmbedding', [f32([1, 2, 3, 8]), f32([6, 2]), f32([6, 2]), i64([1, 3], [5, 1, 2])], { rotary_embedding_dim: i(4) }),
];

const x = f32([3, 1, 2]);
const hidden = { hidden_size: i(2) };

// biome-ignore format: a table
const recurrentCases: readonly OpsetCase[] = [
  ...inEachFloat(22, 'RNN', [x, f32([1, 2, 2]), f32([1, 2, 2]), f32([1, 4])], hidden, { outputs: ['y', 'h'] }),
  ...inEachFloat(22, 'GRU', [x, f32([1, 6, 2]), f32([1, 6, 2]), f32([1, 12])], { ...hidden, linear_before_reset: i(1) }, { outputs: ['', 'h'] }),
  ...inEachFloat(22, 'LSTM', [x, f32([1, 8, 2]), f32([1, 8, 2])], hidden, { outputs: ['y', 'h', 'c'] }),
  opsetCase(22, 'LSTM', [x, f32([2, 8, 2]), f32([2, 8, 2]), f32([2, 16])], { ...hidden, direction: s('bidirectional') }, { outputs: ['y'] }),
];

// biome-ignore format: a table
const otherCases: readonly OpsetCase[] = [
  ...inEachFloat(22, 'NegativeLogLikelihoodLoss', [f32([3, 4]), i64([3], [1, 3, 0])], {}),
  opsetCase(22, 'NegativeLogLikelihoodLoss', [f32([2, 3, 2]), i64([2, 2], [1, 2, 0, 1]), f32([3])], { reduction: s('sum'), ignore_index: i(2) }),
  ...inEachFloat(22, 'Det', [f32([2, 3, 3])], {}),
  opsetCase(22, 'Det', [f32([1, 1], [3])], {}),

  opsetCase(20, 'DFT', [f32([1, 4, 1])], {}, { note: 'the axis before the last' }),
  opsetCase(20, 'DFT', [f32([1, 4, 3, 2]), undefined, ints0(1)], {}),
  opsetCase(20, 'DFT', [f32([2, 5, 1]), undefined, ints0(-2)], { onesided: i(1) }),
  opsetCase(20, 'DFT', [f32([1, 4, 2]), ints0(6), ints0(1)], { inverse: i(1) }),
];

/** A 0-d int64 constant. */
function ints0(value: number) {
  return fixed(i64([], [value]));
}

export const networkCases: readonly OpsetCase[] = [
  ...normalizationCases,
  ...attentionCases,
  ...recurrentCases,
  ...otherCases,
];
