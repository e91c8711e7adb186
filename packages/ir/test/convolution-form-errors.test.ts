/** What the convolution forms refuse, and what they say of it. */

import { describe, expect, it } from 'vitest';
import { CompilerError, GraphBuilder, namedDim, seededTensor, type Value } from '../src/index.js';

describe('what does not fit is refused', () => {
  type Form = (builder: GraphBuilder, x: Value) => unknown;
  type Case = readonly [what: string, form: Form, message: string, hint?: RegExp];
  const filter = (builder: GraphBuilder, ...dims: number[]) =>
    builder.constant(seededTensor('float32', dims, 1), 'w');
  /** An option that the types refuse, as a caller in plain JavaScript may write it. */
  const untyped = (options: object) => options as { name: string };

  const cases: readonly Case[] = [
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

  it.each(cases.map(([what, form, message, hint]) => ({ what, form, message, hint })))(
    '$what',
    ({ form, message, hint }) => {
      const builder = new GraphBuilder('refused');
      const x = builder.input('x', 'float32', [1, 8, 8, 4]);
      const error = thrownBy(() => form(builder, x));
      expect(error).toMatchObject({ code: 'E_INVALID_GRAPH', message });
      if (hint !== undefined) expect(error.hint).toMatch(hint);
    },
  );

  it('and the message says where', () => {
    const builder = new GraphBuilder('refused');
    const x = builder.input('x', 'float32', [1, 8, 8, 4]);
    const options = { strides: 0, name: 'stem' };
    const error = thrownBy(() => builder.conv2d(x, filter(builder, 3, 3, 4, 4), options));
    expect(error.where).toEqual({ node: 'stem' });
  });
});

function thrownBy(run: () => unknown): CompilerError {
  try {
    run();
  } catch (error) {
    if (error instanceof CompilerError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}
