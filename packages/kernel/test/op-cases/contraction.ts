import { numberToFloat16 } from '@whittle/ir';
import { type CaseInput, f32, feed, fixed, i32, i64, type OpCase, opCase } from './op-case.js';

const weight = (...dims: number[]) => fixed(f32(dims));

/** Quarters, of which 16-bit floats hold every product and sum that occurs. */
const f16 = (dims: readonly number[]): CaseInput => {
  const count = dims.reduce((product, dim) => product * dim, 1);
  const quarters = Array.from({ length: count }, (_, i) => (((i * 5) % 7) - 3) / 4);
  return feed('float16', dims, quarters.map(numberToFloat16));
};

const convolutionCases: readonly OpCase[] = [
  opCase('Conv', [f32([2, 3, 7, 6]), weight(5, 3, 3, 3), weight(5)], { pads: [1, 1, 1, 1] }),
  opCase('Conv', [f32([1, 3, 8, 9]), weight(4, 3, 3, 2)], { pads: [0, 1, 2, 0], strides: [2, 3] }),
  opCase('Conv', [f32([1, 3, 9, 9]), weight(2, 3, 3, 3)], {
    dilations: [2, 3],
    pads: [2, 3, 2, 3],
  }),
  opCase('Conv', [f32([2, 6, 5, 4]), weight(7, 6, 1, 1), weight(7)]),
  opCase('Conv', [f32([1, 6, 5, 4]), weight(7, 6, 1, 1)], { strides: [2, 2] }),
  opCase('Conv', [f32([1, 6, 5, 5]), weight(9, 2, 3, 3)], { group: 3, pads: [1, 0, 1, 1] }),
  opCase('Conv', [f32([1, 6, 5, 5]), weight(4, 3, 1, 1), weight(4)], { group: 2 }),
  opCase('Conv', [f32([2, 5, 7, 8]), weight(5, 1, 3, 3), weight(5)], {
    group: 5,
    pads: [1, 1, 1, 1],
  }),
  opCase('Conv', [f32([1, 3, 8, 7]), weight(6, 1, 3, 5)], {
    group: 3,
    strides: [2, 2],
    pads: [1, 2, 0, 2],
  }),
  opCase('Conv', [f32([1, 4, 9, 9]), weight(4, 1, 3, 3)], { group: 4, dilations: [2, 2] }),
  opCase('Conv', [f32([1, 4, 6, 6]), weight(4, 1, 7, 7)], { group: 4, pads: [3, 3, 3, 3] }),
  opCase('Conv', [f32([2, 3, 11]), weight(4, 3, 4), weight(4)], { strides: [2], pads: [2, 1] }),
  opCase('Conv', [f32([1, 4, 9]), weight(4, 1, 3)], { group: 4, pads: [1, 1] }),
  opCase('Conv', [f32([1, 2, 4, 5, 3]), weight(3, 2, 2, 3, 3)], { pads: [0, 1, 1, 1, 1, 1] }),
  opCase('Conv', [f32([1, 2, 3, 4, 4]), weight(4, 1, 3, 3, 3)], {
    group: 2,
    pads: [1, 1, 1, 1, 1, 1],
  }),
  // Most taps see nothing but padding, some pixels see no other.
  opCase('Conv', [f32([1, 3, 9]), weight(5, 3, 12), weight(5)], { pads: [9, 12] }),
  opCase('Conv', [f32([2, 4, 7, 6]), weight(6, 2, 3, 3)], {
    group: 2,
    dilations: [5, 6],
    pads: [5, 6, 5, 6],
  }),
  opCase('Conv', [f32([1, 2, 5, 5]), weight(3, 2, 3, 4)], {
    strides: [2, 3],
    dilations: [3, 2],
    pads: [8, 7, 6, 9],
  }),
  // A halo around an axis of one position.
  opCase('Conv', [f32([1, 2, 1, 4]), weight(3, 2, 3, 3)], { pads: [1, 1, 1, 1] }),
  opCase('Conv', [f32([1, 2, 1, 1]), weight(2, 1, 3, 3)], { pads: [1, 1, 1, 1], group: 2 }),
  opCase('Conv', [f32([1, 3, 5, 5]), f32([4, 3, 3, 3]), f32([4])], {}),
  opCase('Conv', [f32([1, 4, 5, 5]), f32([4, 1, 3, 3])], { group: 4, pads: [1, 1, 1, 1] }),
];

const matrixCases: readonly OpCase[] = [
  opCase('Gemm', [f32([3, 5]), weight(5, 7), weight(7)]),
  opCase('Gemm', [f32([5, 3]), weight(7, 5), weight(3, 1)], { transA: 1, transB: 1 }),
  opCase('Gemm', [f32([3, 5]), f32([5, 4]), f32([])], { alpha: 0.5, beta: 2 }),
  opCase('Gemm', [f32([1, 5]), weight(5, 4)], { alpha: 0.5 }),
  opCase('Gemm', [f32([3, 5]), weight(5, 4), f32([3, 4])]),
  opCase('Gemm', [f32([2, 96]), weight(96, 24), weight(24)], { alpha: 0.5 }),
  opCase('Gemm', [f32([1, 192]), weight(40, 192), weight(40)], { transB: 1 }),
  opCase('MatMul', [f32([2, 6, 64]), f32([2, 64, 12])]),
  opCase('MatMul', [f32([3, 5]), weight(5, 7)]),
  opCase('MatMul', [f32([2, 3, 5]), weight(5, 6)]),
  opCase('MatMul', [f32([2, 1, 3, 5]), f32([4, 5, 6])]),
  opCase('MatMul', [f32([5]), f32([5, 3])]),
  opCase('MatMul', [f32([2, 3, 5]), f32([5])]),
  opCase('MatMul', [f32([5]), f32([5])]),
];

/** Other types than float32, with filters that are packed and filters that are not. */
const typedCases: readonly OpCase[] = [
  opCase('Conv', [f16([1, 3, 5, 5]), fixed(f16([4, 3, 3, 3])), fixed(f16([4]))]),
  opCase('Conv', [f16([1, 4, 5, 5]), fixed(f16([4, 1, 3, 3]))], { group: 4 }),
  opCase('ConvTranspose', [f16([1, 2, 3, 3]), fixed(f16([2, 3, 2, 2]))], { strides: [2, 2] }),
  opCase('Gemm', [f16([3, 5]), fixed(f16([5, 4])), fixed(f16([4]))]),
  opCase('MatMul', [f16([3, 5]), f16([5, 4])]),
  opCase('Gemm', [feed('float64', [3, 5]), fixed(feed('float64', [5, 4])), feed('float64', [4])]),
  opCase('MatMul', [i32([3, 5]), fixed(i32([5, 4]))]),
  opCase('MatMul', [i64([2, 3, 5]), fixed(i64([5, 4]))]),
  opCase('MatMul', [feed('uint32', [3, 5]), feed('uint32', [5, 4])]),
  // onnxruntime has no convolution of float64.
  opCase(
    'Conv',
    [feed('float64', [1, 1, 1, 3], [1, 2, 3]), fixed(feed('float64', [1, 1, 1, 2], [1, 0.5]))],
    {},
    { expected: [[2, 3.5]] },
  ),
  opCase(
    'Conv',
    [
      feed('float64', [1, 2, 1, 2], [1, 2, 3, 4]),
      fixed(feed('float64', [2, 1, 1, 2], [1, 2, 3, 4])),
    ],
    { group: 2 },
    { expected: [[5, 25]] },
  ),
];

export const contractionCases: readonly OpCase[] = [
  ...convolutionCases,
  ...matrixCases,
  ...typedCases,
];
