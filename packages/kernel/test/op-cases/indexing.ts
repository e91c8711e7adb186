import { bool, f32, feed, fixed, i32, i64, ints, type OpCase, opCase } from './op-case.js';

const padModes = ['constant', 'reflect', 'edge', 'wrap'];

const padCases: readonly OpCase[] = [
  ...padModes.flatMap((mode) => [
    opCase('Pad', [f32([2, 3, 4, 5]), ints(0, 1, 2, 1, 0, 2, 0, 3)], { mode }),
    opCase('Pad', [f32([5]), ints(2, 3)], { mode }),
    opCase('Pad', [f32([3, 6]), ints(2, 1), undefined, ints(-1)], { mode }),
  ]),
  opCase('Pad', [f32([3, 6]), ints(0, -2, 1, -1)]),
  opCase('Pad', [f32([3, 6]), ints(1, -2, -1, 3), fixed(f32([], [1.5]))]),
  opCase('Pad', [f32([2, 3]), ints(0, 1, 0, 1), f32([], [-Infinity])]),
  opCase('Pad', [i64([2, 2]), ints(1, 0, 0, 1), fixed(i64([], [7]))]),
  opCase('Pad', [f32([0, 2], []), ints(1, 1, 1, 0)]),
  opCase('Pad', [bool([2, 2]), ints(1, 1, 0, 0)]),
];

const gatherCases: readonly OpCase[] = [
  opCase('Gather', [f32([5, 4]), i64([2, 3], [0, 4, -1, 2, -5, 1])]),
  opCase('Gather', [f32([2, 5, 3]), i32([4], [0, 4, -1, 2])], { axis: 1 }),
  opCase('Gather', [f32([2, 5, 3]), ints(4, 0, 0, -2)], { axis: -2 }),
  opCase('Gather', [f32([2, 5, 3]), ints(0, 2, 4)], { axis: 1 }),
  opCase('Gather', [f32([2, 5, 3, 3]), ints(4, 3, 2, 1, 0)], { axis: 1 }),
  opCase('Gather', [f32([2, 6, 3]), fixed(i64([2, 2], [0, 1, 2, 3]))], { axis: 1 }),
  opCase('Gather', [f32([2, 5, 3]), fixed(i64([], [-1]))], { axis: 1 }),
  opCase('Gather', [i64([4]), i64([], [2])]),
  opCase('Gather', [f32([3, 2]), i64([0], [])]),
  opCase('Gather', [f32([2, 4, 3, 3]), fixed(i64([4], [0, 2, 1, 3]))], { axis: 1 }),
  opCase('GatherElements', [f32([3, 3]), i64([2, 3], [1, 2, 0, 2, 0, -3])]),
  opCase(
    'GatherElements',
    [f32([2, 3, 4]), i32([2, 3, 2], [0, 3, -1, 2, 1, 1, 0, 0, 3, 2, 1, -4])],
    {
      axis: -1,
    },
  ),
  opCase('GatherND', [f32([2, 3, 4]), i64([3, 2], [0, 1, 1, -1, 1, 2])]),
  opCase('GatherND', [f32([2, 3, 4]), i64([2, 1, 1], [2, 0])], { batch_dims: 1 }),
  opCase('GatherND', [f32([2, 2]), i64([2, 2], [0, 0, 1, 1])]),
];

const reductions = ['none', 'add', 'mul', 'max', 'min'];

const scatterCases: readonly OpCase[] = [
  ...reductions.flatMap((reduction) => [
    opCase('ScatterElements', [f32([3, 4]), i64([2, 3], [0, 2, 1, 2, -1, 0]), f32([2, 3])], {
      reduction,
    }),
    opCase('ScatterElements', [i64([5]), i64([3], [1, 1, 4]), i64([3], [3, 5, 2])], {
      // Which of two equal indices wins is not said; with a reduction both count.
      reduction: reduction === 'none' ? 'add' : reduction,
    }),
    opCase('ScatterND', [f32([4, 3]), i64([2, 1], [1, 3]), f32([2, 3])], { reduction }),
    opCase('ScatterND', [f32([2, 3, 4]), i64([3, 2], [0, 1, 1, 2, 0, 0]), f32([3, 4])], {
      reduction,
    }),
  ]),
  opCase('ScatterElements', [f32([2, 3, 2, 2]), ints3(), f32([2, 1, 2, 2])], { axis: 1 }),
  opCase('ScatterND', [f32([8]), fixed(i64([4, 1], [4, 3, 1, 7])), f32([4])]),
];

function ints3() {
  return fixed(i64([2, 1, 2, 2], [0, 1, 2, 0, -1, 1, 1, 0]));
}

const creationCases: readonly OpCase[] = [
  opCase('ConstantOfShape', [ints(2, 3)]),
  opCase('ConstantOfShape', [ints(2, 0)]),
  opCase('ConstantOfShape', [ints(4)], { value: feed('int64', [1], [7]).tensor }),
  opCase('Range', [fixed(i64([], [10])), fixed(i64([], [-5])), fixed(i64([], [-4]))]),
  opCase('Range', [fixed(f32([], [1])), fixed(f32([], [3.1])), fixed(f32([], [0.5]))]),
  opCase('EyeLike', [f32([3, 4])]),
  opCase('EyeLike', [i32([3, 4])], { k: 1, dtype: 1 }),
  opCase('EyeLike', [f32([4, 3])], { k: -2 }),
  opCase('Trilu', [f32([2, 3, 4])]),
  opCase('Trilu', [f32([2, 3, 4]), fixed(i64([], [1]))], { upper: 0 }),
  opCase('Trilu', [i64([3, 3]), i64([], [-1])]),
  opCase('OneHot', [i64([4], [0, 2, -1, 5]), fixed(i64([], [3])), fixed(f32([2], [-1, 4]))]),
  opCase('OneHot', [i64([2, 2], [0, 2, -1, 1]), fixed(i64([1], [3])), f32([2], [0, 1])], {
    axis: 1,
  }),
  opCase(
    'OneHot',
    [f32([2], [1, 0]), fixed(f32([], [2])), i32([2], [5, 6])],
    { axis: 0 },
    { expected: [[5, 6, 6, 5]] },
  ),
  opCase('Shape', [f32([2, 3, 4])]),
  opCase('Shape', [f32([2, 3, 4])], { start: -2 }),
  opCase('Shape', [f32([2, 3, 4])], { start: 1, end: -1 }),
  opCase('Shape', [f32([])]),
  opCase('Size', [f32([2, 3, 4])]),
];

const selectionCases: readonly OpCase[] = [
  ...['ArgMax', 'ArgMin'].flatMap((op) => [
    opCase(op, [f32([2, 3, 4, 5])], { axis: 1 }),
    opCase(op, [f32([2, 3, 4])], { axis: -1, keepdims: 0 }),
    opCase(op, [f32([2, 4], [1, 3, 3, 1, 2, 2, 2, 2])], { axis: 1 }),
    opCase(op, [f32([2, 4], [1, 3, 3, 1, 2, 2, 2, 2])], { axis: 1, select_last_index: 1 }),
    opCase(op, [i32([6])], { axis: 0, keepdims: 0 }),
    opCase(op, [f32([3], [-Infinity, -Infinity, -Infinity])], {}),
  ]),
  opCase('CumSum', [f32([2, 3, 4]), fixed(i64([], [1]))]),
  opCase('CumSum', [f32([2, 3, 4]), fixed(i64([], [-1]))], { exclusive: 1 }),
  opCase('CumSum', [i64([5]), fixed(i32([], [0]))], { reverse: 1 }),
  opCase('CumSum', [f32([2, 3]), fixed(i64([], [0]))], { reverse: 1, exclusive: 1 }),
  opCase('TopK', [f32([3, 5]), ints(3)], {}, { outputs: 2 }),
  opCase('TopK', [f32([3, 5]), ints(2)], { largest: 0, axis: 0 }, { outputs: 2 }),
  opCase('TopK', [f32([6], [2, 5, 5, -1, 5, 2]), ints(5)], {}, { outputs: 2 }),
  opCase('TopK', [f32([2, 7, 3, 3]), ints(4)], { axis: 1 }, { outputs: 2 }),
  opCase('TopK', [f32([3], [-Infinity, 1, -Infinity]), ints(3)], {}, { outputs: 2 }),
  opCase('TopK', [i64([4], [5, -3, 9, 9]), ints(2)], {}, { outputs: 2 }),
];

const blockCases: readonly OpCase[] = [
  ...['DCR', 'CRD'].map((mode) =>
    opCase('DepthToSpace', [f32([2, 8, 3, 4])], { blocksize: 2, mode }),
  ),
  opCase('DepthToSpace', [f32([1, 9, 2, 2])], { blocksize: 3 }),
  opCase('SpaceToDepth', [f32([2, 3, 4, 6])], { blocksize: 2 }),
  opCase('SpaceToDepth', [f32([1, 1, 3, 3])], { blocksize: 3 }),
];

export const indexingCases: readonly OpCase[] = [
  ...padCases,
  ...gatherCases,
  ...scatterCases,
  ...creationCases,
  ...selectionCases,
  ...blockCases,
];
