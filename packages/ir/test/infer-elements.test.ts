import { describe, expect, it } from 'vitest';
import {
  type Dim,
  formatDims,
  GraphBuilder,
  int64Tensor,
  parseDim,
  tensorOf,
  type Value,
} from '../src/index.js';
import { typeFrom } from './infer-case.js';

const codes = { float32: 1, int32: 6, int64: 7 };

/** A builder with an input `x`, and the shape operands that exported models are made of. */
function shapeGraph(type: string) {
  const builder = new GraphBuilder('shape');
  const { dtype, dims } = typeFrom(type);
  const x = builder.input('x', dtype, dims);
  const list = (...values: number[]) => builder.constant(int64Tensor(values));
  const op = builder.op.bind(builder);
  return { builder, x, list, op, scalar: (value: number) => builder.scalar('int64', value) };
}

function dimsOf(value: Value): string {
  return value.type === undefined ? '?' : formatDims(value.type.dims);
}

function elementsOf(value: Value): string {
  return value.elements === undefined ? '?' : formatDims(value.elements);
}

describe('shape arithmetic of exported models', () => {
  it('gives the dims of a PyTorch view: Shape, Gather, Unsqueeze, Concat, Reshape', () => {
    const { x, list, op, scalar } = shapeGraph('f32[batch,116,28,28]');
    const size = (axis: number) => op('Gather', [op('Shape', [x]), scalar(axis)]);
    const half = op('Div', [size(1), scalar(2)]);
    const parts = [size(0), scalar(2), half, size(2), size(3)].map((part) =>
      op('Unsqueeze', [part, list(0)]),
    );
    const shape = op('Concat', parts, { axis: 0 });
    expect(elementsOf(shape)).toBe('[batch,2,58,28,28]');
    const grouped = op('Reshape', [x, shape]);
    expect(dimsOf(grouped)).toBe('[batch,2,58,28,28]');
    const shuffled = op('Transpose', [grouped], { perm: [0, 2, 1, 3, 4] });
    const flat = op('Concat', [parts[0], list(-1), parts[3], parts[4]], { axis: 0 });
    expect(dimsOf(op('Reshape', [shuffled, flat]))).toBe('[batch,116,28,28]');
  });

  it('gives the dims of a Paddle resize: Shape, Slice, Cast, Concat, Resize by sizes', () => {
    const { x, list, op } = shapeGraph('f32[N,64,H,W]');
    const spatial = op('Slice', [op('Shape', [x]), list(2), list(4), list(0)]);
    const doubled = op('Mul', [
      op('Cast', [spatial], { to: codes.int32 }),
      op('Cast', [list(2)], { to: codes.int32 }),
    ]);
    const kept = op('Slice', [op('Shape', [x]), list(0), list(2)]);
    const sizes = op('Concat', [kept, op('Cast', [doubled], { to: codes.int64 })], { axis: 0 });
    expect(dimsOf(op('Resize', [x, undefined, undefined, sizes]))).toBe('[N,64,2*H,2*W]');
  });

  it('gives the dims of a PyTorch expand: ConstantOfShape, Equal, Where, Expand', () => {
    const { builder, x, list, op } = shapeGraph('f32[batch,1]');
    const wanted = op('Concat', [op('Shape', [x], { end: 1 }), list(-1, 7)], { axis: 0 });
    const ones = op('ConstantOfShape', [op('Shape', [wanted])], { value: int64Tensor([1]) });
    const minusOnes = op('Mul', [ones, builder.scalar('int64', -1)]);
    const shape = op('Where', [op('Equal', [wanted, minusOnes]), ones, wanted]);
    expect(elementsOf(shape)).toBe('[batch,1,7]');
    expect(dimsOf(op('Expand', [x, shape]))).toBe('[batch,batch,7]');
  });

  it('scales a size in floats and casts back, rounding as single precision does', () => {
    const { builder, x, op } = shapeGraph('f32[10,H]');
    const floats = op('Cast', [op('Shape', [x])], { to: codes.float32 });
    const scaled = (...factors: number[]) => {
      const scales = builder.constant(tensorOf('float32', [2], factors));
      return op('Cast', [op('Floor', [op('Mul', [floats, scales])])], { to: codes.int64 });
    };
    expect(elementsOf(scaled(0.7, 2))).toBe('[7,2*H]');
    expect(elementsOf(scaled(0.7, 0.7))).toBe('?');
  });
});

describe('known elements', () => {
  const { builder, x, list, op, scalar } = shapeGraph('f32[N,6,H]');
  const shape = op('Shape', [x]);
  const matrix = op('Reshape', [list(1, 2, 3, 4, 5, 6), list(2, 3)]);
  // biome-ignore format: a table
  const cases: readonly (readonly [string, Value, string])[] = [
    ['Shape from start to end', op('Shape', [x], { start: -2, end: 9 }), '[6,H]'],
    ['Size', op('Size', [x]), '[6*H*N]'],
    ['Gather of a list', op('Gather', [shape, list(-1, 0)]), '[H,N]'],
    ['Gather of rows', op('Gather', [matrix, list(1)]), '[4,5,6]'],
    ['Slice backwards', op('Slice', [shape, list(-1), list(-9), list(0), list(-1)]), '[H,6,N]'],
    ['Slice of columns', op('Slice', [matrix, list(1), list(3), list(1)]), '[2,3,5,6]'],
    ['Transpose', op('Transpose', [matrix]), '[1,4,2,5,3,6]'],
    ['Concat of columns', op('Concat', [matrix, op('Transpose', [op('Transpose', [matrix])])], { axis: 1 }), '[1,2,3,1,2,3,4,5,6,4,5,6]'],
    ['Tile', op('Tile', [list(1, 2), list(2)]), '[1,2,1,2]'],
    ['Expand', op('Expand', [scalar(7), list(2, 2)]), '[7,7,7,7]'],
    ['Range', op('Range', [scalar(5), scalar(0), scalar(-2)]), '[5,3,1]'],
    ['ReduceProd', op('ReduceProd', [shape], { keepdims: 0 }), '[6*H*N]'],
    ['Add, broadcast', op('Add', [shape, scalar(1)]), '[N + 1,7,H + 1]'],
    ['Sub', op('Sub', [shape, op('Shape', [x])]), '[0,0,0]'],
    ['Div drops the fraction', op('Div', [list(-7, 7), scalar(2)]), '[-3,3]'],
    ['Div of sizes', op('Div', [shape, scalar(4)]), '[floordiv(N, 4),1,floordiv(H, 4)]'],
    ['Div of what may be negative', op('Div', [op('Sub', [shape, scalar(9)]), scalar(2)]), '?'],
    ['Div by zero', op('Div', [shape, scalar(0)]), '?'],
    ['Mod has the sign of the divisor', op('Mod', [list(-7, 7), scalar(3)]), '[2,1]'],
    ['fmod has the sign of the dividend', op('Mod', [list(-7, 7), scalar(3)], { fmod: 1 }), '[-1,1]'],
    ['Max', op('Max', [shape, scalar(8)]), '[max(N, 8),8,max(H, 8)]'],
    ['Equal with what no size is', op('Equal', [shape, list(-1, 6, -1)]), '[0,1,0]'],
    ['Equal that a binding decides', op('Equal', [shape, list(4, 6, 4)]), '?'],
    ['Add beyond int64 exactness', op('Add', [list(2 ** 62), scalar(1)]), '?'],
    ['Cast that would wrap', op('Cast', [list(2 ** 40)], { to: codes.int32 }), '?'],
    ['a list too long to track', op('Expand', [scalar(7), list(2 ** 40)]), '?'],
  ];

  it.each(cases)('%s', (_, value, expected) => {
    expect(elementsOf(value)).toBe(expected);
  });

  it('follow each part of a Split', () => {
    const { outputs } = builder.node('Split', [shape, list(1, 2)], {}, { outputs: ['a', 'b'] });
    const parts: (readonly Dim[] | undefined)[] = outputs.map((output) => output?.elements);
    expect(parts).toEqual([[parseDim('N')], [6, parseDim('H')]]);
  });
});
