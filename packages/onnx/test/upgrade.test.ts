import { int64Tensor, printGraph, type Tensor, tensorOf, verifyGraph } from '@whittle/ir';
import type { onnx as types } from 'onnx-proto';
import { describe, expect, test } from 'vitest';
import { exportOnnx, importOnnx } from '../src/index.js';
import { attributesToInputs } from '../src/upgrade/attributes-to-inputs.js';
import { contributed } from '../src/upgrade/contributed.js';
import { legacyBroadcast } from '../src/upgrade/legacy-broadcast.js';
import { normalizations } from '../src/upgrade/normalization.js';
import { quantizedContributed } from '../src/upgrade/quantized-contributed.js';
import { resizing } from '../src/upgrade/resize.js';
import { respelled } from '../src/upgrade/respelled.js';
import { softmaxFamily } from '../src/upgrade/softmax.js';
import { training } from '../src/upgrade/training.js';
import { f, f32, floats, i, input, ints, modelBytes, node, output, s } from './onnx-models.js';
import { feed, runOrt } from './run-ort.js';

interface Case {
  readonly name: string;
  readonly opset: number;
  readonly x: readonly number[];
  readonly node: types.INodeProto;
  readonly initializers?: Readonly<Record<string, Tensor>>;
  /** The rank of each output of the node that the model has as its own. */
  readonly ranks: readonly number[];
  readonly domains?: types.IOperatorSetIdProto[];
}

function bytesOf(each: Case): Uint8Array {
  return modelBytes({
    opset: each.opset,
    inputs: [input('x', each.x)],
    outputs: each.ranks.map((rank, k) => output(each.node.output?.[k] ?? '', rank)),
    nodes: [each.node],
    ...(each.initializers === undefined ? {} : { initializers: each.initializers }),
    ...(each.domains && {
      extra: { opsetImport: [{ domain: '', version: each.opset }, ...each.domains] },
    }),
  });
}

const bn = {
  scale: f32([3], [1, 2, 3]),
  bias: f32([3], [0, 1, -1]),
  mean: f32([3], [0.1, 0.2, 0.3]),
  variance: f32([3], [1, 0.5, 2]),
};
const ms = [{ domain: 'com.microsoft', version: 1 }];

// biome-ignore format: a table
const cases: readonly Case[] = [
  { name: 'ReduceMean over axes', opset: 11, x: [2, 3, 4], node: node('ReduceMean', ['x'], ['y'], { axes: ints(1, -1), keepdims: i(0) }), ranks: [1] },
  { name: 'ReduceSum over axes', opset: 11, x: [2, 3, 4], node: node('ReduceSum', ['x'], ['y'], { axes: ints(1) }), ranks: [3] },
  { name: 'ReduceMax over all', opset: 11, x: [2, 3], node: node('ReduceMax', ['x'], ['y']), ranks: [2] },
  { name: 'Squeeze', opset: 11, x: [1, 3, 1], node: node('Squeeze', ['x'], ['y'], { axes: ints(-1) }), ranks: [2] },
  { name: 'Squeeze of all', opset: 11, x: [1, 3, 1], node: node('Squeeze', ['x'], ['y']), ranks: [1] },
  { name: 'Unsqueeze', opset: 11, x: [3], node: node('Unsqueeze', ['x'], ['y'], { axes: ints(0, 2) }), ranks: [3] },
  { name: 'Slice', opset: 9, x: [4, 5], node: node('Slice', ['x'], ['y'], { starts: ints(1, -3), ends: ints(2 ** 53, -1), axes: ints(0, 1) }), ranks: [2] },
  { name: 'Slice without axes', opset: 9, x: [4, 5], node: node('Slice', ['x'], ['y'], { starts: ints(1), ends: ints(3) }), ranks: [2] },
  { name: 'Clip', opset: 9, x: [8], node: node('Clip', ['x'], ['y'], { min: f(-0.5), max: f(0.25) }), ranks: [1] },
  { name: 'Clip from below', opset: 9, x: [8], node: node('Clip', ['x'], ['y'], { min: f(0) }), ranks: [1] },
  { name: 'Pad by a constant', opset: 9, x: [2, 3], node: node('Pad', ['x'], ['y'], { pads: ints(1, 0, 0, 2), value: f(7) }), ranks: [2] },
  { name: 'Pad by reflection', opset: 9, x: [3, 4], node: node('Pad', ['x'], ['y'], { pads: ints(1, 2, 1, 0), mode: s('reflect') }), ranks: [2] },
  { name: 'Split by lengths', opset: 11, x: [6], node: node('Split', ['x'], ['y', 'z'], { split: ints(2, 4) }), ranks: [1, 1] },
  { name: 'Split in equal parts', opset: 11, x: [2, 6], node: node('Split', ['x'], ['y', 'z', 'w'], { axis: i(1) }), ranks: [2, 2, 2] },
  { name: 'Split in equal parts, opset 13', opset: 13, x: [2, 6], node: node('Split', ['x'], ['y', 'z'], { axis: i(-1) }), ranks: [2, 2] },
  { name: 'TopK', opset: 9, x: [2, 5], node: node('TopK', ['x'], ['y', 'at'], { k: i(2) }), ranks: [2] },
  { name: 'Dropout', opset: 10, x: [2, 3], node: node('Dropout', ['x'], ['y'], { ratio: f(0.9) }), ranks: [2] },
  { name: 'BatchNormalization', opset: 9, x: [2, 3, 2], node: node('BatchNormalization', ['x', 'scale', 'bias', 'mean', 'variance'], ['y'], { epsilon: f(0.1), momentum: f(0.5) }), initializers: bn, ranks: [3] },
  { name: 'Softmax from axis 1', opset: 11, x: [2, 3, 4], node: node('Softmax', ['x'], ['y']), ranks: [3] },
  { name: 'Softmax of the last axis', opset: 11, x: [2, 3, 4], node: node('Softmax', ['x'], ['y'], { axis: i(2) }), ranks: [3] },
  { name: 'Softmax of channels of 1x1', opset: 11, x: [2, 3, 1, 1], node: node('Softmax', ['x'], ['y']), ranks: [4] },
  { name: 'LogSoftmax from axis 0', opset: 9, x: [2, 3], node: node('LogSoftmax', ['x'], ['y'], { axis: i(0) }), ranks: [2] },
  { name: 'Hardmax from axis 1', opset: 11, x: [2, 3, 4], node: node('Hardmax', ['x'], ['y']), ranks: [3] },
  { name: 'Upsample 7', opset: 7, x: [1, 1, 2, 3], node: node('Upsample', ['x'], ['y'], { scales: floats(1, 1, 2, 3), mode: s('nearest') }), ranks: [4] },
  { name: 'Upsample 9, nearest by a fraction', opset: 9, x: [1, 1, 3, 3], node: node('Upsample', ['x', 's'], ['y']), initializers: { s: f32([4], [1, 1, 1.7, 2.5]) }, ranks: [4] },
  { name: 'Upsample 9, linear', opset: 9, x: [1, 1, 2, 3], node: node('Upsample', ['x', 's'], ['y'], { mode: s('linear') }), initializers: { s: f32([4], [1, 1, 2, 2]) }, ranks: [4] },
  { name: 'Resize 10, growing', opset: 10, x: [1, 1, 2, 3], node: node('Resize', ['x', 's'], ['y']), initializers: { s: f32([4], [1, 1, 2, 1.5]) }, ranks: [4] },
  { name: 'Resize 10, shrinking', opset: 10, x: [1, 1, 4, 7], node: node('Resize', ['x', 's'], ['y']), initializers: { s: f32([4], [1, 1, 0.6, 0.6]) }, ranks: [4] },
  { name: 'Resize 10, growing one way and shrinking the other', opset: 10, x: [1, 1, 5, 6], node: node('Resize', ['x', 's'], ['y']), initializers: { s: f32([4], [1, 1, 0.5, 1.7]) }, ranks: [4] },
  { name: 'Resize 10, linear', opset: 10, x: [1, 1, 4, 4], node: node('Resize', ['x', 's'], ['y'], { mode: s('linear') }), initializers: { s: f32([4], [1, 1, 0.6, 2]) }, ranks: [4] },
  { name: 'Resize 11 to sizes', opset: 11, x: [1, 1, 2, 2], node: node('Resize', ['x', 'e', 'e', 'z'], ['y'], { mode: s('linear'), coordinate_transformation_mode: s('align_corners') }), initializers: { e: f32([0], []), z: int64Tensor([1, 1, 3, 5]) }, ranks: [4] },
  { name: 'GridSample 16', opset: 16, x: [1, 1, 3, 3], node: node('GridSample', ['x', 'g'], ['y'], { mode: s('bilinear') }), initializers: { g: f32([1, 1, 2, 2], [0.1, -0.3, 0.8, 0.5]) }, ranks: [4] },
  { name: 'Gelu of onnxruntime', opset: 13, x: [8], node: node('Gelu', ['x'], ['y'], {}, 'com.microsoft'), domains: ms, ranks: [1] },
  { name: 'BiasGelu of onnxruntime', opset: 13, x: [2, 3], node: node('BiasGelu', ['x', 'b'], ['y'], {}, 'com.microsoft'), initializers: { b: f32([3], [1, 0, -1]) }, domains: ms, ranks: [2] },
  { name: 'QuickGelu of onnxruntime', opset: 13, x: [8], node: node('QuickGelu', ['x'], ['y'], { alpha: f(1.5) }, 'com.microsoft'), domains: ms, ranks: [1] },
];

describe('an older form computes what its newest form does', () => {
  test.each(cases)('$name', async (each) => {
    const bytes = bytesOf(each);
    const feeds = { x: feed(each.x) };
    const graph = importOnnx(bytes);
    verifyGraph(graph);
    const expected = await runOrt(bytes, feeds);
    const upgraded = await runOrt(exportOnnx(graph, { opset: 21 }), feeds);
    for (const [name, { dims, data }] of Object.entries(expected)) {
      expect(upgraded[name]?.dims).toEqual(dims);
      for (const [k, value] of data.entries())
        expect(upgraded[name]?.data[k]).toBeCloseTo(value, 5);
    }
  });

  test.each(cases)('$name, and leaves in the opset it came in', async (each) => {
    const bytes = bytesOf(each);
    const feeds = { x: feed(each.x) };
    const expected = await runOrt(bytes, feeds);
    const again = await runOrt(exportOnnx(importOnnx(bytes)), feeds);
    for (const [name, { dims, data }] of Object.entries(expected)) {
      expect(again[name]?.dims).toEqual(dims);
      for (const [k, value] of data.entries()) expect(again[name]?.data[k]).toBeCloseTo(value, 5);
    }
  });
});

/** Forms that no engine of today runs, as the text of what they become. */
function upgradedText(
  opset: number,
  dims: readonly number[],
  each: types.INodeProto,
  initializers: Readonly<Record<string, Tensor>> = {},
): string {
  const graph = importOnnx(
    modelBytes({
      opset,
      irVersion: 3,
      inputs: [input('x', dims)],
      outputs: (each.output ?? []).slice(0, 1),
      initializers,
      nodes: [each],
    }),
  );
  return printGraph(graph)
    .split('\n')
    .slice(3, -3)
    .map((line) => line.trim())
    .join('\n');
}

describe('forms before opset 7', () => {
  const b = { b: f32([3], [1, 2, 3]) };

  test('Add along an axis', () => {
    const add = node('Add', ['x', 'b'], ['y'], {
      broadcast: i(1),
      axis: i(1),
      consumed_inputs: ints(0, 0),
    });
    expect(upgradedText(6, [2, 3, 4, 5], add, b)).toMatchInlineSnapshot(`
      "input %x: f32[2,3,4,5]
      const %b: f32[3] = [1, 2, 3]
      const %y_constant: i64[2] = [1, 2]
      %y_Unsqueeze: f32[3,1,1] = Unsqueeze(%b, %y_constant)
      %y: f32[2,3,4,5] = Add(%x, %y_Unsqueeze)"
    `);
  });

  test('Mul aligned at the right', () => {
    const mul = node('Mul', ['x', 'b'], ['y'], { broadcast: i(1) });
    expect(upgradedText(6, [2, 3], mul, b)).toMatchInlineSnapshot(`
      "input %x: f32[2,3]
      const %b: f32[3] = [1, 2, 3]
      %y: f32[2,3] = Mul(%x, %b)"
    `);
  });

  test('PRelu by channel', () => {
    expect(upgradedText(6, [2, 3, 4], node('PRelu', ['x', 'b'], ['y']), b)).toMatchInlineSnapshot(`
      "input %x: f32[2,3,4]
      const %b: f32[3] = [1, 2, 3]
      const %y_constant: i64[1] = [1]
      %y_Unsqueeze: f32[3,1] = Unsqueeze(%b, %y_constant)
      %y: f32[2,3,4] = PRelu(%x, %y_Unsqueeze)"
    `);
  });

  test('Reshape by an attribute', () => {
    const reshape = node('Reshape', ['x'], ['y'], { shape: ints(3, -1) });
    expect(upgradedText(4, [2, 3], reshape)).toMatchInlineSnapshot(`
      "input %x: f32[2,3]
      const %y_constant: i64[2] = [3, -1]
      %y: f32[3,2] = Reshape(%x, %y_constant)"
    `);
  });

  test('Concat of axis 1 by default', () => {
    expect(upgradedText(1, [2, 3], node('Concat', ['x', 'x'], ['y']))).toMatchInlineSnapshot(`
      "input %x: f32[2,3]
      %y: f32[2,6] = Concat(%x, %x) {axis = 1}"
    `);
  });

  test('Cast by name', () => {
    const cast = node('Cast', ['x'], ['y'], { to: s('INT64') });
    expect(upgradedText(5, [2], cast)).toMatchInlineSnapshot(`
      "input %x: f32[2]
      %y: i64[2] = Cast(%x) {to = 7}"
    `);
  });

  test('Pad by paddings', () => {
    const pad = node('Pad', ['x'], ['y'], { paddings: ints(0, 1, 0, 1), mode: s('edge') });
    expect(upgradedText(1, [2, 3], pad)).toMatchInlineSnapshot(`
      "input %x: f32[2,3]
      const %y_constant: i64[4] = [0, 1, 0, 1]
      %y: f32[2,5] = Pad(%x, %y_constant) {mode = "edge"}"
    `);
  });

  test('Selu by its first numbers', () => {
    expect(upgradedText(1, [2], node('Selu', ['x'], ['y']))).toMatchInlineSnapshot(`
      "input %x: f32[2]
      %y: f32[2] = Selu(%x) {alpha = 1.6732f, gamma = 1.0507f}"
    `);
  });

  test('Tile along an axis', () => {
    const counts = { n: tensorOf('int64', [1], [2]), a: tensorOf('int64', [1], [-1]) };
    expect(
      upgradedText(5, [2, 3], node('Tile', ['x', 'n', 'a'], ['y']), counts),
    ).toMatchInlineSnapshot(`
      "input %x: f32[2,3]
      const %y_constant: i64[2] = [1, 2]
      %y: f32[2,6] = Tile(%x, %y_constant)"
    `);
  });

  test('LpPool of a float power', () => {
    const pool = node('LpPool', ['x'], ['y'], { p: f(2), kernel_shape: ints(2) });
    expect(upgradedText(1, [1, 1, 4], pool)).toMatchInlineSnapshot(`
      "input %x: f32[1,1,4]
      %y: f32[1,1,3] = LpPool(%x) {kernel_shape = [2], p = 2}"
    `);
  });

  test('Upsample by height and width', () => {
    const upsample = node('Upsample', ['x'], ['y'], {
      height_scale: f(2),
      width_scale: f(3),
      mode: s('bilinear'),
    });
    expect(upgradedText(1, [1, 1, 2, 2], upsample)).toMatchInlineSnapshot(`
      "input %x: f32[1,1,2,2]
      const %y_constant: f32[4] = [1, 1, 2, 3]
      %y: f32[1,1,4,6] = Resize(%x, _, %y_constant) {mode = "linear", coordinate_transformation_mode = "asymmetric", nearest_mode = "floor"}"
    `);
  });

  test('BatchNormalization of each position', () => {
    const each = node('BatchNormalization', ['x', 's', 'b', 'm', 'v'], ['y'], {
      spatial: i(0),
      is_test: i(1),
      epsilon: f(0.5),
    });
    const ones = f32([2], [1, 1]);
    expect(
      upgradedText(7, [3, 2], each, { s: ones, b: ones, m: ones, v: ones }),
    ).toMatchInlineSnapshot(`
      "input %x: f32[3,2]
      const %v: f32[2] = [1, 1]
      const %y_constant: f32[] = [0.5]
      const %m: f32[2] = [1, 1]
      const %s: f32[2] = [1, 1]
      const %b: f32[2] = [1, 1]
      %y_Add: f32[2] elements [1.5, 1.5] = Add(%v, %y_constant)
      %y_Sqrt: f32[2] elements [1.2247449159622192, 1.2247449159622192] = Sqrt(%y_Add)
      %y_Sub: f32[3,2] = Sub(%x, %m)
      %y_Div: f32[3,2] = Div(%y_Sub, %y_Sqrt)
      %y_Mul: f32[3,2] = Mul(%y_Div, %s)
      %y: f32[3,2] = Add(%y_Mul, %b)"
    `);
  });

  test('BatchNormalization whose statistics nobody reads', () => {
    const each = node(
      'BatchNormalization',
      ['x', 's', 'b', 'm', 'v'],
      ['y', 'mean', 'var', 'sm', 'sv'],
    );
    const ones = f32([2], [1, 1]);
    expect(
      upgradedText(7, [3, 2], each, { s: ones, b: ones, m: ones, v: ones }),
    ).toMatchInlineSnapshot(`
      "input %x: f32[3,2]
      const %s: f32[2] = [1, 1]
      const %b: f32[2] = [1, 1]
      const %m: f32[2] = [1, 1]
      const %v: f32[2] = [1, 1]
      %y: f32[3,2] = BatchNormalization(%x, %s, %b, %m, %v)"
    `);
  });
});

describe('later forms', () => {
  test('GroupNormalization of a scale per group', () => {
    const each = node('GroupNormalization', ['x', 's', 'b'], ['y'], { num_groups: i(2) });
    const pair = f32([2], [1, 2]);
    expect(upgradedText(18, [1, 4, 2], each, { s: pair, b: pair })).toMatchInlineSnapshot(`
      "input %x: f32[1,4,2]
      const %s: f32[2] = [1, 2]
      const %y_constant: i64[2] = [2, 1]
      const %y_constant_1: i64[2] = [2, 2]
      const %y_constant_2: i64[1] = [-1]
      const %b: f32[2] = [1, 2]
      const %y_constant_3: i64[2] = [2, 1]
      const %y_constant_4: i64[2] = [2, 2]
      const %y_constant_5: i64[1] = [-1]
      %y_Reshape: f32[2,1] = Reshape(%s, %y_constant)
      %y_Expand: f32[2,2] = Expand(%y_Reshape, %y_constant_1)
      %y_Reshape_1: f32[4] = Reshape(%y_Expand, %y_constant_2)
      %y_Reshape_2: f32[2,1] = Reshape(%b, %y_constant_3)
      %y_Expand_1: f32[2,2] = Expand(%y_Reshape_2, %y_constant_4)
      %y_Reshape_3: f32[4] = Reshape(%y_Expand_1, %y_constant_5)
      %y: f32[1,4,2] = GroupNormalization(%x, %y_Reshape_1, %y_Reshape_3) {num_groups = 2}"
    `);
  });

  test('Dropout whose mask is read', () => {
    const graph = importOnnx(
      modelBytes({
        opset: 10,
        inputs: [input('x', [2])],
        outputs: ['y', 'm'],
        nodes: [node('Dropout', ['x'], ['y', 'm'])],
      }),
    );
    expect(graph.outputs.map(({ value }) => value.type)).toEqual([
      { dtype: 'float32', dims: [2] },
      { dtype: 'bool', dims: [2] },
    ]);
  });

  test('an attribute without a rule is kept as written', () => {
    const graph = importOnnx(
      modelBytes({
        opset: 9,
        inputs: [input('x', [2, 3])],
        outputs: ['y'],
        nodes: [node('Squeeze', ['x'], ['y'], { axes: ints(), mystery: s('kept') })],
      }),
    );
    expect(graph.nodes[0]?.attributes).toEqual({ mystery: { kind: 'string', value: 'kept' } });
  });
});

test('the table has each op once, its rows in rising order', () => {
  const families = [
    attributesToInputs,
    contributed,
    legacyBroadcast,
    normalizations,
    quantizedContributed,
    resizing,
    respelled,
    softmaxFamily,
    training,
  ];
  const ops = families.flat().map(([op]) => op);
  expect(new Set(ops).size).toBe(ops.length);
  for (const [, rows] of families.flat()) {
    const belows = rows.map(({ below }) => below);
    expect(belows).toEqual(belows.toSorted((a, b) => a - b));
  }
});
