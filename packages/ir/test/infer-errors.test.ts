import { describe, expect, it } from 'vitest';
import {
  type AttributeLiterals,
  formatDim,
  GraphBuilder,
  int64Tensor,
  namedDim,
  type Value,
} from '../src/index.js';
import { floats, type Input, inferNode, typeFrom } from './infer-case.js';

type Case = readonly [
  op: string,
  inputs: readonly Input[],
  attributes: AttributeLiterals,
  problem: RegExp,
];

const x = 'f32[1,4,8,8]';
const maxSafe = Number.MAX_SAFE_INTEGER;

// biome-ignore format: a table
const cases: readonly Case[] = [
  ['Add', ['f32[2]', 'f32[3]'], {}, /broadcast/],
  ['Add', ['f32[0]', 'f32[3]'], {}, /broadcast/],
  ['Add', ['f32[2]', 'i32[2]'], {}, /mixes f/],
  ['Add', ['f32[2]'], {}, /takes 2 to 2 inputs/],
  ['Add', [undefined, 'f32[2]'], {}, /lacks its input 0/],
  ['Relu', ['str[2]'], {}, /takes number/],
  ['Sigmoid', ['i32[2]'], {}, /takes float/],
  ['BitShift', ['u8[2]', 'u8[2]'], { direction: 'UP' }, /direction/],
  ['Sum', [], {}, /lacks its input/],
  ['Clip', ['f32[2]', 'f32[2]'], {}, /rank 0/],
  ['PRelu', ['f32[2,3]', 'f32[2,1,1]'], {}, /slope/],
  ['Where', ['f32[2]', 'f32[2]', 'f32[2]'], {}, /takes bool/],
  ['Cast', ['f32[2]'], { to: 99 }, /dtype 99/],
  ['Cast', ['f32[2]'], {}, /lacks its attribute "to"/],
  ['Cast', ['f32[2]'], { to: { kind: 'string', value: 'f32' } }, /kind string/],

  ['Conv', ['f32[1,4]', 'f32[4,4]'], {}, /rank 3 or more/],
  ['Conv', [x, 'f32[6,4,3]'], {}, /rank 4/],
  ['Conv', [x, 'f32[6,3,3,3]'], {}, /input channels/],
  ['Conv', [x, 'f32[6,1,3,3]'], { group: 4 }, /groups do not divide/],
  ['Conv', [x, 'f32[6,4,3,3]'], { group: 0 }, /group 0/],
  ['Conv', [x, 'f32[6,4,3,3]', 'f32[5]'], {}, /bias/],
  ['Conv', [x, 'f32[6,4,3,3]', undefined, 'f32[1,6,8,8]'], {}, /residual/],
  ['Conv', [x, 'f32[6,4,9,3]'], {}, /does not fit/],
  ['Conv', [x, 'f32[6,4,3,3]'], { kernel_shape: [3, 5] }, /kernel/],
  ['Conv', [x, 'f32[6,4,3,3]'], { strides: [0, 1] }, /0 among its strides/],
  ['Conv', [x, 'f32[6,4,3,3]'], { dilations: [1] }, /1 dilations where 2/],
  ['Conv', [x, 'f32[6,4,3,3]'], { pads: [1, 1, -1, 1] }, /-1 among its pads/],
  ['Conv', [x, 'f32[6,4,3,3]'], { auto_pad: 'same' }, /auto_pad/],
  ['Conv', [x, 'f32[6,4,3,3]'], { activation: 'Softmax' }, /activation/],
  ['Conv', [x, 'f32[6,4,3,3]'], { activation: 'LeakyRelu' }, /0 activation_params where LeakyRelu takes 1/],
  ['Conv', [x, 'f32[6,4,3,3]'], { activation_params: [1] }, /no activation/],
  ['ConvTranspose', [x, 'f32[4,1,3,3]'], { group: 3 }, /groups do not divide/],
  ['ConvTranspose', [x, 'f32[4,1,1,1]'], { pads: [4, 4, 4, 4] }, /leave nothing/],
  ['MaxPool', [x], {}, /kernel_shape/],
  ['MaxPool', [x], { kernel_shape: [maxSafe, maxSafe] }, /does not fit/],
  ['GlobalAveragePool', ['f32[3]'], {}, /rank 2 or more/],

  ['Gemm', ['f32[2,3]', 'f32[4,5]'], {}, /inner dims/],
  ['Gemm', ['f32[2,3]', 'f32[3,5]', 'f32[4]'], {}, /C that does not broadcast/],
  ['MatMul', ['f32[]', 'f32[3]'], {}, /rank 1 or more/],
  ['MatMul', ['f32[2,2,3]', 'f32[3,3,4]'], {}, /broadcast/],
  ['Einsum', ['f32[2,3]', 'f32[4]'], { equation: 'ij,j->i' }, /subscript "j"/],
  ['Einsum', ['f32[2,3]'], { equation: 'ij->ik' }, /result only/],
  ['Einsum', ['f32[2,3]'], { equation: 'i..j' }, /subscripts/],
  ['BatchNormalization', ['f32[2,3]', 'f32[3]', 'f32[3]', 'f32[4]', 'f32[3]'], {}, /channels/],
  ['BatchNormalization', ['f32[2,3]', 'f32[3]', 'f32[3]', 'f32[3]', 'f32[3]'], { training_mode: 1 }, /training/],
  ['Softmax', ['f32[2,3]'], { axis: 2 }, /axis 2/],
  ['ReduceSum', ['f32[2,3]', [1, -1]], {}, /axis 1 twice/],
  ['ReduceSum', ['f32[2,3]', [-3]], {}, /axis -3/],
  ['ArgMax', ['f32[2,0]'], { axis: 1 }, /no element/],

  ['Reshape', ['f32[6]', [-1, -1]], {}, /more than one -1/],
  ['Reshape', ['f32[6]', [4]], {}, /cannot give/],
  ['Reshape', ['f32[6]', [4, -1]], {}, /cannot give/],
  ['Reshape', ['f32[0]', [0, -1]], { allowzero: 1 }, /cannot give/],
  ['Reshape', ['f32[6]', [6, 0]], {}, /no axis 1/],
  ['Reshape', ['f32[6]', [-2]], {}, /negative/],
  ['Reshape', ['f32[6]', 'f32[1]'], {}, /takes index/],
  ['Reshape', ['f32[6]', 'i64[1000000000]'], {}, /1000000000 entries/],
  ['Squeeze', ['f32[2]', [0]], {}, /removes axis 0/],
  ['Unsqueeze', ['f32[2]', [0, 0]], {}, /twice/],
  ['Flatten', ['f32[2]'], { axis: 3 }, /axis 3/],
  ['Transpose', ['f32[2,3]'], { perm: [0, 0] }, /twice/],
  ['Transpose', ['f32[2,3]'], { perm: [0] }, /perm/],
  ['Concat', ['f32[2,3]', 'f32[3,3]'], { axis: 1 }, /disagree/],
  ['Concat', ['f32[2,3]', 'f32[3]'], { axis: 0 }, /joins/],
  ['Concat', ['f32[2,3]'], {}, /lacks its attribute "axis"/],
  ['Slice', ['f32[4]', [0], [1], [0], [0]], {}, /step of 0/],
  ['Slice', ['f32[4]', [0], [1, 2]], {}, /different lengths/],
  ['Slice', ['f32[4]', [0], [1], [1]], {}, /axis 1/],
  ['Split', ['f32[4]', [1, 2]], {}, /1 outputs for 2 lengths/],
  ['Split', ['f32[4]', [3]], {}, /disagree/],
  ['Split', ['f32[4]'], { num_outputs: 2 }, /num_outputs is 2/],
  ['Pad', ['f32[4]', [1]], {}, /1 pads/],
  ['Pad', ['f32[4]', [-3, -3]], {}, /cuts away/],
  ['Pad', ['f32[4]', [0, 0]], { mode: 'mirror' }, /mode/],
  ['Tile', ['f32[4]', [-1]], {}, /negative dim/],
  ['Expand', ['f32[4]', [3]], {}, /broadcast/],
  ['DepthToSpace', ['f32[1,6,2,2]'], { blocksize: 2 }, /does not divide/],
  ['DepthToSpace', ['f32[1,8,2,2]'], { blocksize: 0 }, /blocksize 0/],
  ['Gather', ['f32[4]', 'f32[1]'], {}, /takes index/],
  ['Gather', [[1, 2], 2], {}, /index 2/],
  ['GatherND', ['f32[2,3]', 'i64[2,3]'], {}, /tuples of 3/],
  ['ScatterElements', ['f32[3]', 'i64[2]', 'f32[3]'], {}, /takes \[2\]/],
  ['TopK', ['f32[3]', [4]], {}, /first 4/],
  ['OneHot', ['i64[3]', 0, 'f32[2]'], {}, /depth 0/],
  ['ConstantOfShape', [[-1]], {}, /negative dim/],
  ['ConstantOfShape', [[maxSafe + 1]], {}, /tensor of dims/],
  ['Constant', [], {}, /0 values/],
  ['Range', [0, 1, 0], {}, /delta of 0/],
  ['Range', [0, maxSafe, [1, 1]], {}, /scalar/],
  ['Resize', ['f32[4]'], {}, /either scales or sizes/],
  ['Resize', ['f32[4]', undefined, floats(2), [8]], {}, /either scales or sizes/],
  ['Resize', ['f32[4]', undefined, floats(2, 2)], {}, /2 scales for 1/],
  ['Resize', ['f32[4]', undefined, floats(-1)], {}, /scale -1/],
  ['Resize', ['f32[4]', undefined, floats(Number.NaN)], {}, /scale NaN/],
  ['Resize', ['f32[4]', undefined, floats(Number.POSITIVE_INFINITY)], {}, /tensor of dims/],
];

describe('what an op does not take', () => {
  it.each(cases)('%s %j %j fails with %s', (op, inputs, attributes, message) => {
    expect(() => inferNode(op, inputs, attributes)).toThrow(
      expect.objectContaining({
        code: 'E_INVALID_GRAPH',
        message: expect.stringMatching(message),
        where: { node: 'under_test', op },
      }),
    );
  });
});

describe('shape arithmetic that squares a size again and again', () => {
  it('loses track of the value before handling it takes forever', () => {
    const builder = new GraphBuilder('hostile');
    let size = builder.op('Size', [builder.input('x', 'float32', typeFrom('f32[A + B,C]').dims)]);
    for (let i = 0; i < 60; i++) size = builder.op('Mul', [size, size]);
    expect(size.type).toEqual({ dtype: 'int64', dims: [] });
    expect(size.elements).toBeUndefined();
  });

  it('forgets the elements of lists that are no shapes of anything', () => {
    const builder = new GraphBuilder('hostile');
    const x = builder.input('x', 'float32', [namedDim('N'), namedDim('M')]);
    const twice = (value: Value) => builder.op('Concat', [value, value], { axis: 0 });
    let value = builder.op('Shape', [x]);
    for (let i = 0; i < 4; i++) value = twice(value);
    expect(value.elements).toHaveLength(32);
    for (let i = 0; i < 4; i++) value = twice(value);
    expect(value.type?.dims).toEqual([512]);
    expect(value.elements).toBeUndefined();
  });

  it('forgets a dim that nests too deep', () => {
    const builder = new GraphBuilder('hostile');
    let value = builder.input('x', 'float32', [namedDim('N')]);
    const [start, end] = [builder.constant(int64Tensor([1])), builder.constant(int64Tensor([-1]))];
    for (let i = 0; i < 2000; i++) value = builder.op('Slice', [value, start, end]);
    expect(value.type?.dims).toHaveLength(1);
    expect(formatDim(value.type?.dims[0] ?? 0).length).toBeLessThan(1000);
  });
});
