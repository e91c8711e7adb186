import { describe, expect, it } from 'vitest';
import { type AttributeLiterals, int64Tensor, tensorOf } from '../src/index.js';
import { floats, type Input, inferNode, typesOf } from './infer-case.js';

type Case = readonly [
  op: string,
  inputs: readonly Input[],
  attributes: AttributeLiterals,
  expected: string,
];

// biome-ignore format: tables
const tables: Readonly<Record<string, readonly Case[]>> = {
  elementwise: [
    ['Relu', ['f32[]'], {}, 'f32[]'],
    ['Silu', ['f16[batch,3]'], {}, 'f16[batch,3]'],
    ['IsNaN', ['f32[2]'], {}, 'bool[2]'],
    ['Add', ['f32[2,3,4]', 'f32[3,1]'], {}, 'f32[2,3,4]'],
    ['Add', ['f32[]', 'f32[5]'], {}, 'f32[5]'],
    ['Add', ['f32[0,3]', 'f32[1,1]'], {}, 'f32[0,3]'],
    ['Mul', ['f32[batch,1,H]', 'f32[1,8,H]'], {}, 'f32[batch,8,H]'],
    ['Mul', ['f32[N]', 'f32[7]'], {}, 'f32[7]'],
    ['Pow', ['f32[2]', 'i64[]'], {}, 'f32[2]'],
    ['Less', ['f32[2,1]', 'f32[3]'], {}, 'bool[2,3]'],
    ['Mean', ['f32[2,1]', 'f32[3]', 'f32[1,1]'], {}, 'f32[2,3]'],
    ['Clip', ['f32[2,N]', undefined, 'f32[]'], {}, 'f32[2,N]'],
    ['PRelu', ['f32[2,3,4,4]', 'f32[3,1,1]'], {}, 'f32[2,3,4,4]'],
    ['Where', ['bool[3]', 'f32[2,1]', 'f32[]'], {}, 'f32[2,3]'],
    ['Cast', ['f32[2,N]'], { to: 7 }, 'i64[2,N]'],
    ['CastLike', ['f32[2]', 'i8[9]'], {}, 'i8[2]'],
  ],
  convolution: [
    ['Conv', ['f32[1,3,224,224]', 'f32[32,3,3,3]', 'f32[32]'], { strides: [2, 2], pads: [1, 1, 1, 1] }, 'f32[1,32,112,112]'],
    ['Conv', ['f32[2,8,20]', 'f32[4,8,5]'], { pads: [3, 1], dilations: [2] }, 'f32[2,4,16]'],
    ['Conv', ['f32[1,2,9,9,9]', 'f32[3,2,3,3,3]'], {}, 'f32[1,3,7,7,7]'],
    ['Conv', ['f32[1,16,10,10]', 'f32[32,1,3,3]'], { group: 16, auto_pad: 'SAME_UPPER', strides: [3, 2] }, 'f32[1,32,4,5]'],
    ['Conv', ['f32[1,4,10,10]', 'f32[6,2,3,3]'], { group: 2, auto_pad: 'VALID', strides: [2, 2] }, 'f32[1,6,4,4]'],
    ['Conv', ['f32[batch,3,H,W]', 'f32[8,3,3,3]'], { strides: [2, 2], pads: [1, 1, 1, 1] }, 'f32[batch,8,floordiv(H + 1, 2),floordiv(W + 1, 2)]'],
    ['Conv', ['f32[batch,3,H,W]', 'f32[8,3,3,3]'], { strides: [2, 2], auto_pad: 'SAME_LOWER' }, 'f32[batch,8,floordiv(H + 1, 2),floordiv(W + 1, 2)]'],
    ['Conv', ['f32[N,C,8,8]', 'f32[8,3,1,1]', undefined, 'f32[N,8,8,8]'], { activation: 'Clip', activation_params: [0, 6] }, 'f32[N,8,8,8]'],
    ['ConvTranspose', ['f32[1,4,5,5]', 'f32[4,3,3,3]'], { group: 2, strides: [2, 2], output_padding: [1, 0] }, 'f32[1,6,12,11]'],
    ['ConvTranspose', ['f32[1,4,H]', 'f32[4,3,4]'], { strides: [2], pads: [1, 1], activation: 'Relu' }, 'f32[1,3,2*H]'],
    ['ConvTranspose', ['f32[1,1,3,3]', 'f32[1,2,3,3]'], { strides: [3, 2], output_shape: [10, 8] }, 'f32[1,2,10,8]'],
    ['ConvTranspose', ['f32[1,1,3,W]', 'f32[1,2,3,3]'], { strides: [3, 2], auto_pad: 'SAME_UPPER' }, 'f32[1,2,9,2*W]'],
  ],
  pooling: [
    ['MaxPool', ['f32[1,64,112,112]'], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }, 'f32[1,64,56,56]'],
    ['MaxPool', ['f32[1,1,4,4]'], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }, 'f32[1,1,2,2]'],
    // The window that would begin in the end padding is left out.
    ['AveragePool', ['f32[1,1,2]'], { kernel_shape: [1], strides: [2], pads: [0, 1], ceil_mode: 1 }, 'f32[1,1,1]'],
    ['LpPool', ['f32[1,1,32]'], { kernel_shape: [2], auto_pad: 'SAME_UPPER' }, 'f32[1,1,32]'],
    ['GlobalAveragePool', ['f32[N,C,7,7]'], {}, 'f32[N,C,1,1]'],
  ],
  matrix: [
    ['Gemm', ['f32[batch,8]', 'f32[10,8]', 'f32[10]'], { transB: 1 }, 'f32[batch,10]'],
    ['Gemm', ['f32[8,2]', 'f32[8,10]', 'f32[]'], { transA: 1 }, 'f32[2,10]'],
    ['MatMul', ['f32[batch,1,4,8]', 'f32[3,8,5]'], {}, 'f32[batch,3,4,5]'],
    ['MatMul', ['f32[8]', 'f32[2,8,5]'], {}, 'f32[2,5]'],
    ['MatMul', ['f32[2,5,8]', 'f32[8]'], {}, 'f32[2,5]'],
    ['MatMul', ['f32[8]', 'f32[8]'], {}, 'f32[]'],
    ['Einsum', ['f32[b,3,4]', 'f32[b,4,5]'], { equation: 'bij, bjk -> bik' }, 'f32[b,3,5]'],
    ['Einsum', ['f32[7,2,3]', 'f32[1,3]'], { equation: '...ij,...j' }, 'f32[7,2]'],
    ['Einsum', ['f32[3,3]'], { equation: 'ii->i' }, 'f32[3]'],
  ],
  normalization: [
    ['BatchNormalization', ['f32[N,8,4]', 'f32[8]', 'f32[8]', 'f32[8]', 'f32[8]'], {}, 'f32[N,8,4]'],
    ['InstanceNormalization', ['f32[N,8,4]', 'f32[8]', 'f32[8]'], {}, 'f32[N,8,4]'],
    ['LayerNormalization', ['f32[2,3,4]', 'f32[3,4]'], { axis: -2 }, 'f32[2,3,4]'],
    ['LRN', ['f32[2,3,4,4]'], { size: 3 }, 'f32[2,3,4,4]'],
    ['Softmax', ['f32[2,N]'], {}, 'f32[2,N]'],
  ],
  reduction: [
    ['ReduceMean', ['f32[2,3,4]', [-1]], { keepdims: 0 }, 'f32[2,3]'],
    ['ReduceSum', ['f32[2,N,4]', [0, 2]], {}, 'f32[1,N,1]'],
    ['ReduceMax', ['f32[2,3]'], { keepdims: 0 }, 'f32[]'],
    ['ReduceL2', ['f32[2,3]'], { noop_with_empty_axes: 1 }, 'f32[2,3]'],
    ['ReduceSum', ['f32[2,3]', 'i64[1]'], { keepdims: 0 }, 'f32["y0.0"]'],
    ['ReduceSum', ['f32[2,3]', 'i64[k]'], { keepdims: 0 }, '?'],
    ['ArgMax', ['f32[2,N]'], { axis: -1, keepdims: 0 }, 'i64[2]'],
  ],
  reshaping: [
    ['Reshape', ['f32[2,3,4]', [0, -1]], {}, 'f32[2,12]'],
    ['Reshape', ['f32[0,3]', [3, 0]], { allowzero: 1 }, 'f32[3,0]'],
    ['Reshape', ['f32[batch,64,7,7]', [0, -1]], {}, 'f32[batch,3136]'],
    ['Reshape', ['f32[batch,64,7,7]', [-1, 3136]], {}, 'f32[batch,3136]'],
    ['Reshape', ['f32[batch,116,28,28]', [0, 2, 58, 28, 28]], {}, 'f32[batch,2,58,28,28]'],
    ['Reshape', ['f32[1]', []], {}, 'f32[]'],
    ['Reshape', ['f32[2,N]', 'i64[1]'], {}, 'f32[2*N]'],
    ['Reshape', ['f32[2,N]', 'i64[2]'], {}, 'f32["y0.0","y0.1"]'],
    ['Reshape', ['f32[2,N]', 'i64[k]'], {}, '?'],
    ['Flatten', ['f32[2,3,4]'], { axis: -1 }, 'f32[6,4]'],
    ['Flatten', ['f32[batch,8,H]'], {}, 'f32[batch,8*H]'],
    ['Flatten', ['f32[2,3]'], { axis: 2 }, 'f32[6,1]'],
    ['Flatten', ['f32[]'], { axis: 0 }, 'f32[1,1]'],
    ['Squeeze', ['f32[1,3,1,N]', [0, -2]], {}, 'f32[3,N]'],
    ['Squeeze', ['f32[1,3,1]'], {}, 'f32[3]'],
    ['Squeeze', ['f32[1,N]'], {}, '?'],
    ['Unsqueeze', ['f32[3,N]', [0, -1]], {}, 'f32[1,3,N,1]'],
    ['Unsqueeze', ['f32[]', [0]], {}, 'f32[1]'],
    ['Dropout', ['f32[2,N]', 'f32[]'], {}, 'f32[2,N]'],
  ],
  movement: [
    ['Transpose', ['f32[2,3,N]'], { perm: [2, 0, 1] }, 'f32[N,2,3]'],
    ['Transpose', ['f32[2,3,N]'], {}, 'f32[N,3,2]'],
    ['Concat', ['f32[N,3]', 'f32[N,5]', 'f32[2,W]'], { axis: -1 }, 'f32[2,W + 8]'],
    ['Slice', ['f32[20,10]', [0, -3], [3, 1000]], {}, 'f32[3,3]'],
    ['Slice', ['f32[20,10]', [-1], [-(2 ** 40)], [1], [-3]], {}, 'f32[20,4]'],
    ['Slice', ['f32[batch,N]', [1], [2 ** 62], [1], [2]], {}, 'f32[batch,floordiv(max(N - 1, 0) + 1, 2)]'],
    ['Slice', ['f32[batch,N]', [0], [3]], {}, 'f32[min(3, batch),N]'],
    ['Slice', ['f32[4,N]', 'i64[1]', [3], [0]], {}, 'f32["y0.0",N]'],
    ['Slice', ['f32[4,N]', 'i64[k]', 'i64[k]'], {}, 'f32["y0.0","y0.1"]'],
    ['Expand', ['f32[3,1]', [2, 1, 6]], {}, 'f32[2,3,6]'],
    ['Expand', ['f32[3,1]', 'i64[3]'], {}, 'f32["y0.0","y0.1","y0.2"]'],
    ['Tile', ['f32[2,N]', [3, 2]], {}, 'f32[6,2*N]'],
    ['Pad', ['f32[1,3,H,W]', [0, 0, 1, 2, 0, 0, 3, -1]], {}, 'f32[1,3,H + 4,W + 1]'],
    ['Pad', ['f32[3,4]', [1, 2], 'f32[]', [-1]], {}, 'f32[3,7]'],
    ['DepthToSpace', ['f32[N,8,2,3]'], { blocksize: 2 }, 'f32[N,2,4,6]'],
    ['SpaceToDepth', ['f32[N,2,4,6]'], { blocksize: 2 }, 'f32[N,8,2,3]'],
  ],
  indexing: [
    ['Gather', ['f32[10,8]', 'i64[2,N]'], {}, 'f32[2,N,8]'],
    ['Gather', ['f32[10,8]', -1], { axis: -1 }, 'f32[10]'],
    ['GatherElements', ['f32[3,4]', 'i64[2,4]'], {}, 'f32[2,4]'],
    ['GatherND', ['f32[2,3,4]', 'i64[2,1]'], { batch_dims: 1 }, 'f32[2,4]'],
    ['ScatterND', ['f32[4,4]', 'i64[2,1]', 'f32[2,4]'], {}, 'f32[4,4]'],
    ['OneHot', ['i64[2,N]', 10, 'f32[2]'], { axis: 1 }, 'f32[2,10,N]'],
    ['NonZero', ['f32[2,3]'], {}, 'i64[2,"y0.count"]'],
    ['Trilu', ['f32[2,3,4]'], {}, 'f32[2,3,4]'],
    ['CumSum', ['f32[2,3]', 1], {}, 'f32[2,3]'],
  ],
  creation: [
    ['Constant', [], { value: tensorOf('uint8', [2], [1, 2]) }, 'u8[2]'],
    ['Constant', [], { value_ints: [1, 2, 3] }, 'i64[3]'],
    ['ConstantOfShape', [[2, 3]], {}, 'f32[2,3]'],
    ['ConstantOfShape', [[]], { value: int64Tensor([1]) }, 'i64[]'],
    ['Shape', ['f32[2,N,4]'], { start: -2 }, 'i64[2]'],
    ['Size', ['f32[2,N]'], {}, 'i64[]'],
    ['Range', [10, 4, -2], {}, 'i64[3]'],
    ['Range', ['f32[]', 'f32[]', 'f32[]'], {}, 'f32["y0.0"]'],
    ['EyeLike', ['f32[3,4]'], { dtype: 7 }, 'i64[3,4]'],
  ],
  resize: [
    ['Resize', ['f32[1,3,10,W]', undefined, floats(1, 1, 2, 2)], {}, 'f32[1,3,20,2*W]'],
    ['Resize', ['f32[1,3,7,W]', undefined, floats(0.5, 0.6)], { axes: [3, 2] }, 'f32[1,3,4,floordiv(W, 2)]'],
    ['Resize', ['f32[N,3,10,10]', undefined, undefined, [5, 6]], { axes: [2, 3] }, 'f32[N,3,5,6]'],
    ['Resize', ['f32[10,20]', undefined, undefined, [5, 15]], { keep_aspect_ratio_policy: 'not_larger' }, 'f32[5,10]'],
    ['Resize', ['f32[10,20]', undefined, undefined, [5, 15]], { keep_aspect_ratio_policy: 'not_smaller' }, 'f32[8,15]'],
    ['Resize', ['f32[10,20]', floats(0, 0.25, 1, 0.75), floats(1, 2)], { coordinate_transformation_mode: 'tf_crop_and_resize' }, 'f32[10,20]'],
    ['Resize', ['f32[10,20]', undefined, 'f32[2]'], {}, 'f32["y0.0","y0.1"]'],
  ],
};

describe.each(Object.entries(tables))('inferred types of %s ops', (_, cases) => {
  it.each(cases)('%s %j %j is %s', (op, inputs, attributes, expected) => {
    expect(typesOf(inferNode(op, inputs, attributes))).toBe(expected);
  });
});

describe('inferred types of several outputs', () => {
  // biome-ignore format: a table
  it.each<[...Case, number]>([
    ['MaxPool', ['f32[1,1,4]'], { kernel_shape: [2] }, 'f32[1,1,3] i64[1,1,3]', 2],
    ['Split', ['f32[7,N]'], { num_outputs: 3 }, 'f32[3,N] f32[3,N] f32[1,N]', 3],
    ['Split', ['f32[7,N]', [2, 5]], {}, 'f32[2,N] f32[5,N]', 2],
    ['Split', ['f32[2,4*N]'], { axis: 1 }, 'f32[2,2*N] f32[2,2*N]', 2],
    ['TopK', ['f32[2,9]', [3]], {}, 'f32[2,3] i64[2,3]', 2],
    ['LayerNormalization', ['f16[2,3]', 'f16[3]'], {}, 'f16[2,3] f32[2,1] f32[2,1]', 3],
    ['Dropout', ['f32[2]'], {}, 'f32[2] bool[2]', 2],
  ])('%s %j %j is %s', (op, inputs, attributes, expected, count) => {
    expect(typesOf(inferNode(op, inputs, attributes, count))).toBe(expected);
  });
});
