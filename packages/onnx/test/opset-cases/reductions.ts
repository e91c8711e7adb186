/** Reductions: axes became an input in opset 18, and Max and Min take bool since 20. */

import { bool, f32, feed, fixed, i32, i64, ints } from '../../../kernel/test/op-cases/op-case.js';
import { i } from '../onnx-models.js';
import { type OpsetCase, opsetCase } from './opset-case.js';

const positive = f32([2, 3, 2], [0.5, 1, 2, 3, 0.25, 4, 1.5, 1, 0.125, 2, 5, 1]);
const none = fixed(i64([0], []));

/** Of a logarithm, elements above zero. */
const reductions = [
  ...[
    'ReduceL1',
    'ReduceL2',
    'ReduceMax',
    'ReduceMean',
    'ReduceMin',
    'ReduceProd',
    'ReduceSumSquare',
  ].map((op) => [op, f32([2, 3, 4])] as const),
  ...['ReduceLogSum', 'ReduceLogSumExp'].map((op) => [op, positive] as const),
];

const axesAsInput = reductions.flatMap(([op, x]) => [
  opsetCase(18, op, [x, ints(-1, 0)], { keepdims: i(0) }),
  opsetCase(18, op, [x, ints(1)]),
  opsetCase(18, op, [x]),
  opsetCase(18, op, [x, none], { keepdims: i(0) }),
]);

// biome-ignore format: a table
export const reductionCases: readonly OpsetCase[] = [
  ...axesAsInput,
  ...reductions.map(([op, x]) => opsetCase(18, op, [x, none], { noop_with_empty_axes: i(1) })),
  opsetCase(18, 'ReduceMax', [feed('int8', [3, 4]), ints(1)], { keepdims: i(0) }),
  opsetCase(18, 'ReduceMean', [i32([3, 4]), ints(0)]),
  opsetCase(18, 'ReduceProd', [i64([2, 3]), ints(1)], { keepdims: i(0) }),

  ...['ReduceMax', 'ReduceMin'].flatMap((op) => [
    opsetCase(20, op, [bool([3, 2], [1, 0, 0, 0, 1, 1]), ints(1)], { keepdims: i(0) }),
    opsetCase(20, op, [bool([2, 2], [1, 1, 0, 1]), ints(0)]),
    opsetCase(20, op, [bool([4], [1, 0, 1, 0])], { keepdims: i(0) }),
    opsetCase(20, op, [f32([2, 3]), ints(-2)]),
  ]),
];
