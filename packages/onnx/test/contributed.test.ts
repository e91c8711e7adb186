import { type DType, type Tensor, tensorOf, typedArrayOf, verifyGraph } from '@whittle/ir';
import type { onnx as types } from 'onnx-proto';
import { Tensor as OrtTensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { exportOnnx, importOnnx } from '../src/index.js';
import { f, floats, i, input, ints, modelBytes, node, output, s } from './onnx-models.js';
import { runOrt } from './run-ort.js';

interface Case {
  readonly name: string;
  readonly op: string;
  /** By name; all of them are fed. An empty name stands for an input that is left out. */
  readonly inputs: readonly (readonly [name: string, tensor?: Tensor])[];
  readonly attributes?: Readonly<Record<string, types.IAttributeProto>>;
  /** The rank and the type of each output; undefined for one that is left out. */
  readonly outputs: readonly (readonly [rank: number, dtype?: DType] | undefined)[];
  readonly domain?: string;
  /** The inputs that give the same where onnxruntime does not take these. */
  readonly likewise?: Case['inputs'];
}

/** Numbers without a pattern, other ones for each seed. */
function x(dims: readonly number[], seed = 1): Tensor {
  const count = dims.reduce((product, dim) => product * dim, 1);
  return tensorOf(
    'float32',
    dims,
    Array.from({ length: count }, (_, k) => Math.sin(k * 1.7 + seed)),
  );
}
const i32 = (dims: readonly number[], values: readonly number[]) => tensorOf('int32', dims, values);
const i64 = (dims: readonly number[], values: readonly number[]) => tensorOf('int64', dims, values);

const none = [''] as const;
const image = ['x', x([1, 2, 4, 4])] as const;
const filter = ['w', x([3, 2, 3, 3], 2)] as const;
const rows = ['x', x([2, 3, 8])] as const;
const skip = ['skip', x([2, 3, 8], 2)] as const;
const gamma = ['gamma', x([8], 3)] as const;
const beta = ['beta', x([8], 4)] as const;
const weights = ['w', x([8, 24], 5)] as const;
const bias = ['b', x([24], 6)] as const;
const heads = { num_heads: i(2) };
const words = ['ids', i32([2, 3], [4, 0, 2, 1, 3, 4])] as const;
const tables = [
  ['we', x([5, 8])],
  ['pe', x([4, 8], 2)],
  ['se', x([2, 8], 3)],
] as const;
const segments = ['segments', i32([2, 3], [0, 1, 1, 0, 0, 1])] as const;
const q = ['q', x([2, 3, 8])] as const;
const k = ['k', x([2, 4, 8], 2)] as const;
const v = ['v', x([2, 4, 8], 3)] as const;
const cos = ['cos', x([6, 2], 4)] as const;
const sin = ['sin', x([6, 2], 5)] as const;

// biome-ignore format: a table
const cases: readonly Case[] = [
  { name: 'a convolution with an activation', op: 'FusedConv', inputs: [image, filter], attributes: { activation: s('LeakyRelu'), activation_params: floats(0.2), pads: ints(1, 1, 1, 1) }, outputs: [[4]] },
  { name: 'a convolution that is added to and clipped', op: 'FusedConv', inputs: [image, filter, ['b', x([3])], ['z', x([1, 3, 2, 2], 3)]], attributes: { activation: s('Clip'), activation_params: floats(-0.5, 0.5) }, outputs: [[4]] },
  { name: 'a product with an activation', op: 'FusedGemm', inputs: [['x', x([2, 4])], ['w', x([3, 4], 2)], ['c', x([3])]], attributes: { transB: i(1), alpha: f(0.5), activation: s('LeakyRelu'), activation_alpha: f(0.3) }, outputs: [[2]] },
  { name: 'a product with a factor', op: 'FusedMatMul', inputs: [['x', x([2, 4, 3])], ['w', x([2, 5, 4], 2)]], attributes: { transA: i(1), transB: i(1), alpha: f(2) }, outputs: [[3]] },
  { name: 'RMS normalisation', op: 'SimplifiedLayerNormalization', domain: '', inputs: [rows, gamma], attributes: { axis: i(-1), epsilon: f(0.01) }, outputs: [[3]] },
  { name: 'layer normalisation of a sum', op: 'SkipLayerNormalization', inputs: [rows, skip, gamma, beta, ['b', x([8])]], attributes: { epsilon: f(0.01) }, outputs: [[3], undefined, undefined, [3]] },
  { name: 'layer normalisation of a sum, without beta', op: 'SkipLayerNormalization', inputs: [rows, skip, gamma], outputs: [[3]] },
  { name: 'RMS normalisation of a sum', op: 'SkipSimplifiedLayerNormalization', inputs: [rows, skip, gamma, ['b', x([8])]], attributes: { epsilon: f(0.01) }, outputs: [[3], undefined, undefined, [3]] },
  { name: 'embeddings', op: 'EmbedLayerNormalization', inputs: [words, segments, ...tables, gamma, beta, ['mask', i32([2, 3], [1, 1, 0, 1, 1, 1])]], attributes: { epsilon: f(0.01) }, outputs: [[3], [1, 'int32'], [3]] },
  { name: 'embeddings without segments', op: 'EmbedLayerNormalization', inputs: [words, none, ...tables.slice(0, 2), none, gamma, beta, none, ['positions', i32([2, 3], [0, 1, 2, 3, 1, 0])]], attributes: { epsilon: f(0.01) }, outputs: [[3], [1, 'int32']] },

  { name: 'attention', op: 'Attention', inputs: [rows, weights, bias], attributes: heads, outputs: [[3]] },
  { name: 'attention that looks back', op: 'Attention', inputs: [rows, weights, bias, none, ['past', x([2, 2, 2, 2, 4])]], attributes: { ...heads, unidirectional: i(1), scale: f(0.3) }, outputs: [[3], [5]] },
  { name: 'attention under a mask', op: 'Attention', inputs: [rows, weights, bias, ['mask', i32([2, 3], [1, 1, 0, 0, 1, 1])], none, ['added', x([1, 2, 3, 3], 7)]], attributes: heads, outputs: [[3]] },
  { name: 'attention under a mask for each query', op: 'Attention', inputs: [rows, weights, bias, ['mask', i32([2, 3, 3], [1, 1, 0, 1, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1])]], attributes: { ...heads, mask_filter_value: f(-2) }, outputs: [[3]] },
  { name: 'attention up to a length', op: 'Attention', inputs: [rows, weights, bias, ['mask', i32([2], [2, 3])]], attributes: heads, outputs: [[3]] },
  { name: 'attention between two places', op: 'Attention', inputs: [rows, weights, bias, ['mask', i32([4], [2, 3, 0, 1])]], attributes: heads, outputs: [[3]] },
  { name: 'attention with values of another size', op: 'Attention', inputs: [rows, ['w', x([8, 28], 5)], ['b', x([28], 6)]], attributes: { ...heads, qkv_hidden_sizes: ints(8, 8, 12) }, outputs: [[3]] },

  { name: 'attention to others', op: 'MultiHeadAttention', inputs: [q, k, v, bias, ['mask', i32([2, 4], [1, 1, 0, 1, 1, 1, 1, 0])]], attributes: heads, outputs: [[3]] },
  { name: 'attention to heads', op: 'MultiHeadAttention', inputs: [q, ['k', x([2, 2, 5, 4])], ['v', x([2, 2, 5, 4], 2)]], attributes: heads, outputs: [[3]] },
  { name: 'attention of one packed tensor', op: 'MultiHeadAttention', inputs: [['q', packed([q[1], x([2, 3, 8], 2), x([2, 3, 8], 3)], 2)]], likewise: [q, ['k', x([2, 3, 8], 2)], ['v', x([2, 3, 8], 3)]], attributes: heads, outputs: [[3]] },
  { name: 'attention to packed keys and values', op: 'MultiHeadAttention', inputs: [q, ['kv', packed([k[1], v[1]], 2)]], likewise: [q, k, v], attributes: heads, outputs: [[3]] },
  { name: 'attention to a past', op: 'MultiHeadAttention', inputs: [q, ['k', x([2, 3, 8], 2)], ['v', x([2, 3, 8], 3)], none, none, ['added', x([2, 2, 3, 5])], ['pk', x([2, 2, 2, 4])], ['pv', x([2, 2, 2, 4], 2)]], attributes: heads, outputs: [[3], [4], [4]] },

  { name: 'rotation from a first position on', op: 'RotaryEmbedding', inputs: [rows, ['at', i64([1], [2])], cos, sin], outputs: [[3]] },
  { name: 'rotation by positions, of neighbours', op: 'RotaryEmbedding', inputs: [['x', x([2, 2, 3, 4])], ['at', i64([2, 3], [0, 1, 2, 5, 4, 3])], cos, sin], attributes: { interleaved: i(1) }, outputs: [[4]] },
  { name: 'rotation of a part', op: 'RotaryEmbedding', inputs: [rows, ['at', i64([2, 3], [0, 1, 2, 5, 4, 3])], ['cos', x([6, 1])], ['sin', x([6, 1], 2)]], attributes: { num_heads: i(2), rotary_embedding_dim: i(2) }, outputs: [[3]] },

  { name: 'tanh Gelu after a bias', op: 'FastGelu', inputs: [rows, beta], outputs: [[3]] },
  { name: 'a triangle', op: 'Trilu', inputs: [['x', x([3, 4])], ['k', i64([], [1])]], attributes: { upper: i(0) }, outputs: [[2]] },
  { name: 'padding', op: 'Pad', inputs: [['x', x([2, 3])], ['pads', i64([4], [1, 0, 0, 2])], ['fill', x([1])]], outputs: [[2]] },
  { name: 'gathering', op: 'GatherND', inputs: [['x', x([3, 4])], ['at', i64([2, 1], [2, 0])]], outputs: [[2]] },
];

/** [B,S,H·D] parts as [B,S,H,parts,D]. */
function packed(parts: readonly Tensor[], heads: number): Tensor {
  const [batch = 1, length = 1, hidden = 1] = parts[0]?.dims ?? [];
  const size = hidden / heads;
  const data = Array.from({ length: batch * length * heads }, (_, row) =>
    parts.map((part) => Array.from(typedArrayOf(part).slice(row * size, (row + 1) * size), Number)),
  );
  return tensorOf('float32', [batch, length, heads, parts.length, size], data.flat(2));
}

function bytesOf({ op, inputs, attributes, outputs, domain = 'com.microsoft' }: Case): Uint8Array {
  const given = inputs.flatMap(([name, tensor]) => (tensor ? [{ name, tensor }] : []));
  const names = outputs.map((type, at) => (type ? `y${at}` : ''));
  return modelBytes({
    opset: 17,
    inputs: given.map(({ name, tensor }) => input(name, tensor.dims, tensor.dtype)),
    outputs: outputs.flatMap((type, at) => (type ? [output(`y${at}`, ...type)] : [])),
    nodes: [
      node(
        op,
        inputs.map(([name]) => name),
        names,
        attributes,
        domain,
      ),
    ],
    extra: {
      opsetImport: [
        { domain: '', version: 17 },
        { domain: 'com.microsoft', version: 1 },
      ],
    },
  });
}

function feedsOf(inputs: Case['inputs']): Record<string, OrtTensor> {
  return Object.fromEntries(
    inputs.flatMap(([name, tensor]) => {
      if (tensor === undefined) return [];
      const type = tensor.dtype as OrtTensor.Type;
      return [[name, new OrtTensor(type, typedArrayOf(tensor) as never, [...tensor.dims])]];
    }),
  );
}

describe('an op of com.microsoft computes in ops of ONNX what it did', () => {
  test.each(cases)('$op: $name', async (each) => {
    const bytes = bytesOf(each);
    const graph = importOnnx(bytes);
    verifyGraph(graph);
    expect(graph.nodes.filter(({ op }) => op.includes('::'))).toEqual([]);
    const feeds = feedsOf(each.inputs);
    const { likewise } = each;
    const expected = likewise
      ? await runOrt(bytesOf({ ...each, inputs: likewise }), feedsOf(likewise))
      : await runOrt(bytes, feeds);
    const upgraded = await runOrt(exportOnnx(graph), feeds);
    for (const [name, { dims, data }] of Object.entries(expected)) {
      expect(upgraded[name]?.dims).toEqual(dims);
      for (const [at, value] of data.entries()) {
        expect(upgraded[name]?.data[at], `${name}[${at}]`).toBeCloseTo(value, 4);
      }
    }
  });
});

/** Ops that onnxruntime has for GPUs only, as the ops that they become. */
function becomes(each: types.INodeProto, dims: readonly number[], vector: number): string[] {
  const bytes = modelBytes({
    opset: 17,
    inputs: [input('x', dims), input('g', [vector]), input('b', [vector])],
    outputs: ['y'],
    nodes: [each],
  });
  const graph = importOnnx(bytes);
  expect(graph.outputs[0]?.value.type?.dims.length).toBe(dims.length);
  return graph.nodes.map(({ op }) => op);
}

test('GroupNorm is taken apart around channels', () => {
  const attributes = { groups: i(2), activation: i(1) };
  const norm = node('GroupNorm', ['x', 'g', 'b'], ['y'], attributes, 'com.microsoft');
  expect(becomes(norm, [1, 2, 2, 4], 4)).toEqual([
    'Transpose',
    'GroupNormalization',
    'Sigmoid',
    'Mul',
    'Transpose',
  ]);
});

test('BiasSplitGelu is a product of halves', () => {
  const gelu = node('BiasSplitGelu', ['x', 'b'], ['y'], {}, 'com.microsoft');
  expect(becomes(gelu, [1, 2, 8], 8)).toEqual(['Add', 'Split', 'Gelu', 'Mul']);
});

test('Swish, which opset 24 has, is a product with a gate', () => {
  expect(becomes(node('Swish', ['x'], ['y']), [2, 3], 1)).toEqual(['Sigmoid', 'Mul']);
  const half = node('Swish', ['x'], ['y'], { alpha: f(0.5) });
  expect(becomes(half, [2, 3], 1)).toEqual(['Mul', 'Sigmoid', 'Mul']);
});

test.each([
  ['RotaryEmbedding', ['x', 'at', 'c', 'c'], { scale: f(2) }, 'scales its input'],
  ['Attention', ['x', 'w', '', '', '', '', 'at'], { num_heads: i(2) }, 'writes the present'],
  ['FusedMatMul', ['x', 'x'], { transBatchA: i(1) }, 'turns batches over'],
  ['FusedGemm', ['w', 'w'], { activation: s('Affine') }, 'has the activation Affine'],
  ['MultiHeadAttention', ['p', '', '', 'g'], { num_heads: i(2) }, 'packed or unknown sizes'],
])('%s in a form that ONNX has not is refused', (op, inputs, attributes, problem) => {
  const bytes = modelBytes({
    opset: 17,
    inputs: [
      input('x', [1, 2, 4]),
      input('w', [4, 12]),
      input('c', [2, 1]),
      input('g', [12]),
      input('p', [1, 2, 2, 3, 1]),
      input('at', [1], 'int64'),
    ],
    outputs: ['y'],
    nodes: [node(op, inputs, ['y'], attributes, 'com.microsoft')],
  });
  expect(() => importOnnx(bytes)).toThrow(problem);
});
