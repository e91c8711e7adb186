import { bool, f32, feed, fixed, i64, type OpCase, opCase } from './op-case.js';

const q = f32([2, 3, 4, 8]);
const k = f32([2, 3, 6, 8]);
const v = f32([2, 3, 6, 5]);
const flat = { q_num_heads: 6, kv_num_heads: 2 };
/** Sees all but some keys, and of those of each query at least the first. */
const seen = (dims: readonly number[]) =>
  bool(
    dims,
    Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) =>
      i % (dims.at(-1) ?? 1) === 0 || i % 3 > 0 ? 1 : 0,
    ),
  );
const cosines = f32([9, 3]);
const sines = fixed(f32([9, 3]));
const places = i64([2, 4], [0, 1, 2, 3, 8, 7, 6, 5]);

export const attentionCases: readonly OpCase[] = [
  opCase('Attention', [q, k, v]),
  opCase('Attention', [q, k, v, f32([4, 6])], { scale: 0.1 }),
  opCase('Attention', [q, k, v, seen([2, 1, 4, 6])], { softcap: 2 }),
  opCase('Attention', [q, f32([2, 3, 4, 8]), f32([2, 3, 4, 8])], { is_causal: 1 }),
  opCase('Attention', [f32([2, 4, 48]), f32([2, 6, 16]), f32([2, 6, 10])], flat),
  opCase(
    'Attention',
    [
      f32([2, 4, 48]),
      f32([2, 4, 16]),
      f32([2, 4, 16]),
      f32([2, 1, 4, 7]),
      f32([2, 2, 3, 8]),
      f32([2, 2, 3, 8]),
    ],
    { ...flat, is_causal: 1 },
    { outputs: 3 },
  ),
  ...[1, 2].map((mode) =>
    opCase(
      'Attention',
      [q, k, v, f32([4, 6])],
      { qk_matmul_output_mode: mode, softcap: 3 },
      { outputs: 4 },
    ),
  ),
  opCase('Attention', [
    feed('float16', [1, 2, 3, 4]),
    feed('float16', [1, 2, 3, 4]),
    feed('float16', [1, 2, 3, 4]),
  ]),

  opCase('RotaryEmbedding', [f32([2, 3, 4, 6]), cosines, sines, places]),
  opCase('RotaryEmbedding', [f32([2, 3, 4, 6]), f32([2, 4, 3]), f32([2, 4, 3])], {
    interleaved: 1,
  }),
  opCase('RotaryEmbedding', [f32([2, 4, 24]), cosines, sines, places], {
    num_heads: 3,
    rotary_embedding_dim: 6,
    interleaved: 1,
  }),
  opCase('RotaryEmbedding', [f32([2, 4, 24]), cosines, sines, places], {
    num_heads: 3,
    rotary_embedding_dim: 6,
  }),
];
