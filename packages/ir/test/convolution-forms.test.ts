import { describe, expect, it } from 'vitest';
import {
  type CompilerError,
  formatType,
  GraphBuilder,
  namedDim,
  numbersOf,
  parseDim,
  printGraph,
  samePadding,
  seededTensor,
  tensorOf,
  transposeTensor,
  type Value,
  verifyGraph,
} from '../src/index.js';

/** Worked out by hand from TensorFlow's rule: total = max((ceil(s / t) - 1) * t + (k - 1) * d + 1 - s, 0). */
const paddings = [
  { why: 'nothing for one tap', size: 7, kernel: 1, stride: 1, dilation: 1, pads: [0, 0] },
  { why: 'half an odd kernel', size: 7, kernel: 3, stride: 1, dilation: 1, pads: [1, 1] },
  { why: 'the odd element behind', size: 7, kernel: 2, stride: 1, dilation: 1, pads: [0, 1] },
  { why: 'an even kernel', size: 7, kernel: 4, stride: 1, dilation: 1, pads: [1, 2] },
  { why: 'stride 2, even size', size: 224, kernel: 3, stride: 2, dilation: 1, pads: [0, 1] },
  { why: 'stride 2, odd size', size: 225, kernel: 3, stride: 2, dilation: 1, pads: [1, 1] },
  { why: 'stride 2, 7 taps', size: 224, kernel: 7, stride: 2, dilation: 1, pads: [2, 3] },
  { why: 'stride 2, even kernel', size: 9, kernel: 4, stride: 2, dilation: 1, pads: [1, 2] },
  { why: 'windows apart', size: 9, kernel: 1, stride: 3, dilation: 1, pads: [0, 0] },
  { why: 'a stride over the size', size: 3, kernel: 2, stride: 5, dilation: 1, pads: [0, 0] },
  { why: 'stride 3', size: 10, kernel: 3, stride: 3, dilation: 1, pads: [1, 1] },
  { why: 'dilation', size: 9, kernel: 3, stride: 1, dilation: 2, pads: [2, 2] },
  { why: 'dilation, even kernel', size: 9, kernel: 2, stride: 1, dilation: 3, pads: [1, 2] },
  { why: 'stride and dilation', size: 10, kernel: 3, stride: 2, dilation: 2, pads: [1, 2] },
  { why: 'a window over the size', size: 2, kernel: 5, stride: 1, dilation: 2, pads: [4, 4] },
] as const;

describe('SAME padding', () => {
  it.each(paddings)('is $pads: $why', ({ size, pads, ...window }) => {
    expect(samePadding(size, window)).toEqual(pads);
  });

  it('depends on the size only where windows step', () => {
    const size = namedDim('H');
    expect(samePadding(size, { kernel: 4, stride: 1, dilation: 2 })).toEqual([3, 3]);
    expect(samePadding(size, { kernel: 4, stride: 2, dilation: 2 })).toBeUndefined();
  });
});

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

describe('what does not fit is refused', () => {
  type Form = (builder: GraphBuilder, x: Value) => unknown;
  const filter = (builder: GraphBuilder, ...dims: number[]) =>
    builder.constant(seededTensor('float32', dims, 1), 'w');
  /** An option that the types refuse, as a caller in plain JavaScript may write it. */
  const untyped = (options: object) => options as { name: string };

  const cases: readonly (readonly [what: string, form: Form, message: string, hint?: RegExp])[] = [
    [
      'an image without a batch',
      (b) => b.conv2d(b.input('y', 'float32', [8, 8, 4]), filter(b, 3, 3, 4, 4)),
      'conv2d takes an image of axes [N, H, W, C], and "y" is [8,8,4].',
    ],
    [
      'a filter of another rank',
      (b, x) => b.depthwiseConv2d(x, filter(b, 3, 3, 4)),
      'depthwiseConv2d takes a filter of axes [H, W, in, multiplier], and "w" is [3,3,4].',
    ],
    [
      "ONNX's layout of a depthwise filter",
      (b, x) => b.depthwiseConv2d(x, filter(b, 4, 1, 3, 3)),
      'depthwiseConv2d has 4 channels and a filter [4,1,3,3] for 3.',
      /\[H, W, in, multiplier\]/,
    ],
    [
      'a filter for other channels',
      (b, x) => b.conv2d(x, filter(b, 3, 3, 2, 6)),
      'conv2d has 4 channels and a filter [3,3,2,6] for 2.',
      /\[H, W, in, out\]/,
    ],
    [
      'groups that do not divide the channels',
      (b, x) => b.groupConv2d(x, filter(b, 3, 3, 1, 6), { groups: 3 }),
      'groupConv2d has 4 channels and a filter [3,3,1,6] for 3.',
      /\[H, W, in \/ groups, out\]/,
    ],
    [
      'groups that do not divide the result',
      (b, x) => b.groupConv2d(x, filter(b, 3, 3, 2, 5), { groups: 2 }),
      'groupConv2d has a filter [3,3,2,5] for 5 channels out, which 2 groups do not divide.',
    ],
    [
      'no groups',
      (b, x) => b.groupConv2d(x, filter(b, 3, 3, 2, 5), { groups: 0 }),
      'groupConv2d has groups 0.',
    ],
    [
      'an empty filter',
      (b, x) => b.conv2d(x, filter(b, 0, 3, 4, 5)),
      'conv2d has a filter [0,3,4,5], which is empty.',
    ],
    [
      'a pointwise filter that sees neighbours',
      (b, x) => b.pointwiseConv2d(x, filter(b, 1, 3, 4, 5)),
      'pointwiseConv2d takes a pointwise filter, [1, 1, in, out] or [in, out], not [1,3,4,5].',
    ],
    [
      'a pointwise matrix for other channels',
      (b, x) => b.pointwiseConv2d(x, filter(b, 5, 4)),
      'pointwiseConv2d has 4 channels and a filter [5,4] for 5.',
    ],
    [
      'halves that do not meet',
      (b, x) => b.separableConv2d(x, filter(b, 3, 3, 4, 2), filter(b, 1, 1, 4, 5)),
      'separableConv2d has 8 channels and a filter [1,1,4,5] for 4.',
    ],
    [
      'strides for batch and channels',
      (b, x) => b.conv2d(x, filter(b, 3, 3, 4, 4), { strides: [1, 2, 2, 1] }),
      'conv2d has strides [1, 2, 2, 1] where 2 are needed.',
      /for each spatial axis/,
    ],
    [
      'a stride of 0',
      (b, x) => b.conv2d(x, filter(b, 3, 3, 4, 4), { strides: [1, 0] }),
      'conv2d has 0 among its strides.',
    ],
    [
      'a dilation that is not whole',
      (b, x) => b.conv2d(x, filter(b, 3, 3, 4, 4), { dilations: 1.5 }),
      'conv2d has 1.5 among its dilations.',
    ],
    [
      "Keras's spelling of padding",
      (b, x) => b.conv2d(x, filter(b, 3, 3, 4, 4), untyped({ padding: 'same' })),
      'conv2d has padding "same", which is none.',
      /'SAME', 'VALID'/,
    ],
    [
      'padding of batch and channels',
      (b, x) =>
        b.conv2d(x, filter(b, 3, 3, 4, 4), {
          padding: [
            [0, 0],
            [1, 1],
            [1, 1],
            [0, 0],
          ],
        }),
      'conv2d has padding [[0,0],[1,1],[1,1],[0,0]], not 2 pairs.',
    ],
    [
      'padding that cuts away',
      (b, x) =>
        b.conv2d(x, filter(b, 3, 3, 4, 4), {
          padding: [
            [-1, 0],
            [0, 0],
          ],
        }),
      'conv2d has -1 in its padding.',
    ],
    [
      'a data format that is none',
      (b, x) => b.conv2d(x, filter(b, 3, 3, 4, 4), untyped({ dataFormat: 'nhwc' })),
      'conv2d has dataFormat "nhwc", which is neither "NHWC" nor "NCHW".',
    ],
    [
      'an activation that is none',
      (b, x) => b.conv2d(x, filter(b, 3, 3, 4, 4), untyped({ activation: 'ReLU' })),
      'conv2d has the activation "ReLU", which is none.',
      /relu, relu6/,
    ],
    [
      'an op that is no activation',
      (b, x) => b.conv2d(x, filter(b, 3, 3, 4, 4), { activation: { op: 'Softmax' } }),
      'Conv has the activation "Softmax", which is none.',
    ],
    [
      'a bias of another length',
      (b, x) => b.conv2d(x, filter(b, 3, 3, 4, 5), { bias: filter(b, 4) }),
      'Conv has bias length and output channels that disagree: 4 and 5.',
    ],
    [
      'a window that does not fit',
      (b, x) => b.conv2d(x, filter(b, 9, 3, 4, 5)),
      'Conv has a window of extent 9 that does not fit into spatial axis 0 of size 8.',
    ],
    [
      'mixed dtypes',
      (b) => b.conv2d(b.input('y', 'float64', [1, 8, 8, 4]), filter(b, 3, 3, 4, 4)),
      'Conv mixes float64 (input 0) with float32 (input 1).',
    ],
    [
      'an image of unknown dims',
      (b, x) => b.conv2d(b.op('com.example::Mystery', [x]), filter(b, 3, 3, 4, 4)),
      'conv2d has to know the dims of "com.example::Mystery", which nothing infers.',
    ],
    [
      'a depthwise filter whose channels have no number',
      (b, x) => b.depthwiseConv2d(x, b.input('y', 'float32', [3, 3, namedDim('C'), 1])),
      'depthwiseConv2d takes a depthwise filter for a known number of channels, not [3,3,C,1].',
    ],
  ];

  it.each(cases)('%s', (_, form, message, hint = /|/) => {
    const builder = new GraphBuilder('refused');
    const x = builder.input('x', 'float32', [1, 8, 8, 4]);
    const error = thrownBy(() => form(builder, x));
    expect(error).toMatchObject({ code: 'E_INVALID_GRAPH', message });
    expect(error.hint ?? '').toMatch(hint);
  });

  it('and the message says where', () => {
    const builder = new GraphBuilder('refused');
    const x = builder.input('x', 'float32', [1, 8, 8, 4]);
    const options = { strides: 0, name: 'stem' };
    const error = thrownBy(() => builder.conv2d(x, filter(builder, 3, 3, 4, 4), options));
    expect(error.where).toEqual({ node: 'stem' });
  });
});

describe('a constant transposed', () => {
  it('is what Transpose makes of it', () => {
    const tensor = tensorOf('int64', [2, 1, 3], [1, 2n ** 62n, 3, 4, 5, 6]);
    const transposed = transposeTensor(tensor, [2, 0, 1]);
    expect(transposed.dims).toEqual([3, 2, 1]);
    expect(transposed).toEqual(tensorOf('int64', [3, 2, 1], [1, 4, 2n ** 62n, 5, 3, 6]));
    expect(numbersOf(transposeTensor(tensorOf('bool', [], [1]), []))).toEqual([1]);
  });

  it('may hold strings', () => {
    const strings = ['a', 'b', 'c', 'd'];
    const tensor = { dtype: 'string', dims: [2, 2], bytes: new Uint8Array(), strings } as const;
    expect(transposeTensor(tensor, [1, 0]).strings).toEqual(['a', 'c', 'b', 'd']);
  });

  it.each([[[0, 0]], [[0]], [[0, 2]], [[0, 1, 1]]])('is refused in the order %j', (perm) => {
    const tensor = tensorOf('int8', [1, 2], [1, 2]);
    expect(thrownBy(() => transposeTensor(tensor, perm)).message).toBe(
      `[${perm.join(',')}] is no order of the axes of [1,2].`,
    );
  });
});

function textOf(build: (builder: GraphBuilder) => Value): string {
  const builder = new GraphBuilder('form');
  builder.output('y', build(builder));
  const graph = builder.build();
  verifyGraph(graph);
  return printGraph(graph, { elideAbove: 64 });
}

function thrownBy(run: () => unknown): CompilerError {
  try {
    run();
  } catch (error) {
    return error as CompilerError;
  }
  throw new Error('Nothing was thrown.');
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
