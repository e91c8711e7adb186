/** The graphs that the convolution forms build; what they compute is tested beside TensorFlow.js. */

import { describe, expect, it } from 'vitest';
import {
  formatType,
  GraphBuilder,
  parseDim,
  printGraph,
  seededTensor,
  tensorOf,
  type Value,
  verifyGraph,
} from '../src/index.js';

describe('forms as graphs', () => {
  it('a depthwise convolution is one Conv between transposes, with its filter laid out anew', () => {
    const text = textOf((builder) => {
      const x = builder.input('x', 'float32', [1, 6, 6, 2]);
      const filter = builder.constant(tensorOf('float32', [1, 3, 2, 2], range(12)), 'w');
      const bias = builder.constant(tensorOf('float32', [4], range(4)), 'b');
      return builder.depthwiseConv2d(x, filter, {
        strides: 2,
        padding: 'SAME',
        bias,
        activation: 'relu6',
        name: 'blur',
      });
    });
    expect(text).toMatchInlineSnapshot(`
      "graph "form" {
        input %x: f32[1,6,6,2]
        const %w.OIHW: f32[4,1,1,3] = [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]
        const %b: f32[4] = [0, 1, 2, 3]
        %x.NCHW: f32[1,2,6,6] = Transpose(%x) {perm = [0, 3, 1, 2]}
        %blur.NCHW: f32[1,4,3,3] = Conv(%x.NCHW, %w.OIHW, %b) {group = 2, strides = [2, 2], pads = [0, 0, 0, 1], activation = "Clip", activation_params = [0.0f, 6.0f]} @"blur"
        %blur: f32[1,3,3,4] = Transpose(%blur.NCHW) {perm = [0, 2, 3, 1]}
        output "y" = %blur
      }
      "
    `);
  });

  it('channels first needs no transposes, and what is not asked for is not written', () => {
    const text = textOf((builder) => {
      const x = builder.input('x', 'float32', [1, 4, 6, 6]);
      const filter = builder.constant(seededTensor('float32', [3, 3, 2, 6], 1), 'w');
      return builder.groupConv2d(x, filter, { groups: 2, dataFormat: 'NCHW' });
    });
    expect(text).toMatchInlineSnapshot(`
      "graph "form" {
        input %x: f32[1,4,6,6]
        const %w.OIHW: f32[6,2,3,3] = <432 bytes, fnv1a bb5ee3ea>
        %groupConv2d: f32[1,6,4,4] = Conv(%x, %w.OIHW) {group = 2}
        output "y" = %groupConv2d
      }
      "
    `);
  });

  it('a separable convolution is two Convs, and only the first has a window', () => {
    const text = textOf((builder) => {
      const x = builder.input('x', 'float32', [1, 8, 8, 3]);
      const depthwise = builder.constant(seededTensor('float32', [3, 3, 3, 2], 1), 'dw');
      const pointwise = builder.constant(seededTensor('float32', [1, 1, 6, 5], 2), 'pw');
      return builder.separableConv2d(x, depthwise, pointwise, {
        strides: [1, 2],
        padding: [
          [1, 2],
          [3, 4],
        ],
        dilations: 2,
        depthwiseActivation: 'relu',
        activation: { op: 'LeakyRelu' },
        name: 'block',
      });
    });
    expect(text).toMatchInlineSnapshot(`
      "graph "form" {
        input %x: f32[1,8,8,3]
        const %dw.OIHW: f32[6,1,3,3] = <216 bytes, fnv1a 9c64e9fc>
        const %pw.OIHW: f32[5,6,1,1] = <120 bytes, fnv1a 145479ec>
        %x.NCHW: f32[1,3,8,8] = Transpose(%x) {perm = [0, 3, 1, 2]}
        %block.depthwise: f32[1,6,7,6] = Conv(%x.NCHW, %dw.OIHW) {group = 3, strides = [1, 2], dilations = [2, 2], pads = [1, 3, 2, 4], activation = "Relu"} @"block.depthwise"
        %block.NCHW: f32[1,5,7,6] = Conv(%block.depthwise, %pw.OIHW) {activation = "LeakyRelu", activation_params = [0.01f]} @"block.pointwise"
        %block: f32[1,7,6,5] = Transpose(%block.NCHW) {perm = [0, 2, 3, 1]}
        output "y" = %block
      }
      "
    `);
  });

  it('filters that are no constants are laid out by nodes', () => {
    const text = textOf((builder) => {
      const x = builder.input('x', 'float32', [1, 2, 8, 8]);
      const depthwise = builder.input('dw', 'float32', [3, 3, 2, 2]);
      const pointwise = builder.input('pw', 'float32', [4, 5]);
      return builder.separableConv2d(x, depthwise, pointwise, { dataFormat: 'NCHW' });
    });
    expect(text).toMatchInlineSnapshot(`
      "graph "form" {
        input %x: f32[1,2,8,8]
        input %dw: f32[3,3,2,2]
        input %pw: f32[4,5]
        const %dw.OIHW.shape: i64[4] = [-1, 1, 0, 0]
        const %pw.OIHW.shape: i64[4] = [0, 0, 1, 1]
        %dw.OIHW: f32[2,2,3,3] = Transpose(%dw) {perm = [2, 3, 0, 1]}
        %dw.OIHW_1: f32[4,1,3,3] = Reshape(%dw.OIHW, %dw.OIHW.shape)
        %separableConv2d.depthwise: f32[1,4,6,6] = Conv(%x, %dw.OIHW_1) {group = 2}
        %pw.OIHW: f32[5,4] = Transpose(%pw) {perm = [1, 0]}
        %pw.OIHW_1: f32[5,4,1,1] = Reshape(%pw.OIHW, %pw.OIHW.shape)
        %separableConv2d: f32[1,5,6,6] = Conv(%separableConv2d.depthwise, %pw.OIHW_1)
        output "y" = %separableConv2d
      }
      "
    `);
  });
});

describe('types of forms', () => {
  const sizes = [
    { form: 'VALID', options: {}, type: 'f32[N,H - 2,W - 2,4]' },
    { form: 'SAME', options: { padding: 'SAME' }, type: 'f32[N,H,W,4]' },
    {
      form: 'SAME in steps',
      options: { padding: 'SAME', strides: 2 },
      type: 'f32[N,floordiv(H + 1, 2),floordiv(W + 1, 2),4]',
    },
    {
      form: 'explicit padding in steps',
      options: {
        padding: [
          [0, 1],
          [1, 1],
        ],
        strides: [3, 1],
      },
      type: 'f32[N,floordiv(H + 1, 3),W,4]',
    },
  ] as const;

  it.each(sizes)('keep named dims: $form', ({ options, type }) => {
    const builder = new GraphBuilder('named');
    const x = builder.input('x', 'float32', ['N', 'H', 'W'].map(parseDim).concat(2));
    const filter = builder.constant(seededTensor('float32', [3, 3, 2, 2], 1));
    const y = builder.depthwiseConv2d(x, filter, options);
    expect(y.type && formatType(y.type)).toBe(type);
  });

  it('leave SAME to auto_pad only where the padding depends on a size that has a name', () => {
    const attributesFor = (strides: number) => {
      const builder = new GraphBuilder('named');
      const x = builder.input('x', 'float32', [1, parseDim('H'), 8, 2]);
      const filter = builder.constant(seededTensor('float32', [3, 2, 2, 1], 1));
      builder.output('y', builder.depthwiseConv2d(x, filter, { strides, padding: 'SAME' }));
      return printGraph(builder.build()).match(/Conv\(.*\{(.*)\}/)?.[1];
    };
    expect(attributesFor(1)).toBe('group = 2, pads = [1, 0, 1, 1]');
    expect(attributesFor(2)).toBe('group = 2, strides = [2, 2], auto_pad = "SAME_UPPER"');
  });

  it('take any number of spatial axes', () => {
    const builder = new GraphBuilder('ranks');
    const x1 = builder.input('x1', 'float32', [1, 8, 2]);
    const x3 = builder.input('x3', 'float64', [1, 2, 4, 6, 8]);
    const weights = (dims: number[]) => builder.constant(seededTensor('float32', dims, 1));
    const doubles = (dims: number[]) => builder.constant(seededTensor('float64', dims, 1));
    const results = [
      builder.conv1d(x1, weights([3, 2, 5])),
      builder.depthwiseConv1d(x1, weights([3, 2, 2]), { strides: 2 }),
      builder.separableConv1d(x1, weights([3, 2, 2]), weights([1, 4, 3]), { padding: [[1, 0]] }),
      builder.conv3d(x3, doubles([2, 2, 2, 1, 6]), { groups: 2, dataFormat: 'NCDHW' }),
      builder.depthwiseConv3d(x3, doubles([1, 2, 3, 2, 2]), {
        dataFormat: 'NCDHW',
        strides: [1, 2, 3],
      }),
    ];
    expect(results.map(({ type }) => type && formatType(type))).toEqual([
      'f32[1,6,5]',
      'f32[1,3,4]',
      'f32[1,7,3]',
      'f64[1,6,3,5,7]',
      'f64[1,4,4,3,2]',
    ]);
    results.forEach((result, i) => {
      builder.output(`y${i}`, result);
    });
    verifyGraph(builder.build());
  });
});

function textOf(build: (builder: GraphBuilder) => Value): string {
  const builder = new GraphBuilder('form');
  builder.output('y', build(builder));
  const graph = builder.build();
  verifyGraph(graph);
  return printGraph(graph, { elideAbove: 64 });
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
