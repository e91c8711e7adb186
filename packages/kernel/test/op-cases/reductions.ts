import { bool, f32, i32, i64, ints, type OpCase, opCase } from './op-case.js';

const floatOps = [
  ...['ReduceSum', 'ReduceMean', 'ReduceProd', 'ReduceMax', 'ReduceMin', 'ReduceL1', 'ReduceL2'],
  ...['ReduceSumSquare', 'ReduceLogSum', 'ReduceLogSumExp'],
];

const positive = (dims: readonly number[]) =>
  f32(
    dims,
    Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => 0.25 + ((i * 7) % 11) / 4),
  );

export const reductionCases: readonly OpCase[] = [
  ...floatOps.flatMap((op) => [
    opCase(op, [positive([2, 3, 4, 5])]),
    opCase(op, [positive([2, 3, 4, 5]), ints(-1)], { keepdims: 0 }),
    opCase(op, [positive([2, 9, 4, 5]), ints(2, 3)], { keepdims: 1 }),
    opCase(op, [positive([2, 9, 4, 5]), ints(-3, 0)], { keepdims: 0 }),
    opCase(op, [positive([7]), ints(0)], { keepdims: 0 }),
    opCase(op, [positive([2, 3])], { noop_with_empty_axes: 1 }),
    opCase(op, [positive([])], { keepdims: 1 }),
  ]),
  ...['ReduceSum', 'ReduceMean', 'ReduceProd', 'ReduceMax', 'ReduceMin'].map((op) =>
    opCase(op, [i32([2, 3, 4]), ints(1)]),
  ),
  ...['ReduceSum', 'ReduceMax', 'ReduceMin'].map((op) => opCase(op, [i64([2, 3, 4]), ints(0, 2)])),
  opCase('ReduceMax', [bool([2, 2], [0, 1, 0, 0]), ints(1)], {}, { expected: [[1, 0]] }),
  opCase('ReduceMin', [bool([2, 2], [0, 1, 1, 1]), ints(1)], {}, { expected: [[0, 1]] }),
  ...['ReduceSum', 'ReduceMax', 'ReduceLogSumExp'].map((op) =>
    opCase(op, [f32([2, 3], [1000, -1000, 3, -Infinity, 5, 6]), ints(1)], {}, { note: 'extremes' }),
  ),
  opCase('ReduceSum', [f32([2, 0, 3], []), ints(1)], {}, { note: 'no elements' }),
  opCase('ReduceMax', [f32([3], [1, Number.NaN, 2])], {}, { expected: [[Number.NaN]] }),
];
