import { bool, f32, feed, fixed, i32, i64, ints, type OpCase, opCase } from './op-case.js';

const holes = [0, 1, 0, -2, 0, 0, 3, 0.5, 0, 0, 0, 7];

const nonZeroCases: readonly OpCase[] = [
  opCase('NonZero', [f32([12], holes)]),
  opCase('NonZero', [f32([2, 3, 1, 2], holes)]),
  opCase('NonZero', [f32([2, 2], [0, 0, 0, 0])], {}, { note: 'none' }),
  opCase('NonZero', [bool([3, 2, 2])]),
  opCase('NonZero', [i64([3, 3], [0, 5, 0, 1, 1, 0, 0, 0, -1])]),
  opCase('NonZero', [fixed(i32([4], [0, 1, 0, 2]))]),
  opCase('NonZero', [f32([0, 2], [])]),
];

const compressCases: readonly OpCase[] = [
  opCase('Compress', [f32([3, 4]), bool([3], [1, 0, 1])], { axis: 0 }),
  opCase('Compress', [f32([2, 3, 4, 2]), bool([4], [0, 1, 1, 0])], { axis: -2 }),
  opCase('Compress', [i32([3, 2]), bool([5], [0, 1, 0, 0, 1])]),
  opCase('Compress', [i64([4]), bool([4], [0, 0, 0, 0])], { axis: 0 }),
];

/** Pairs that overlap by more and by less, the corners either way round; two batches, two classes. */
const corners = f32(
  [2, 5, 4],
  [
    ...[0, 0, 1, 1, 0, 0.1, 1, 1.1, 1, 0.9, 0, -0.1, 0, 10, 1, 11, 0, 10.1, 1, 11.1],
    ...[0, 100, 1, 101, 0, 0, 1, 1, 0.2, 0.2, 1.2, 1.2, 5, 5, 5, 6, 5, 5, 5, 6],
  ],
);
const centres = f32(
  [1, 5, 4],
  [0.5, 0.5, 1, 1, 0.5, 0.6, 1, 1, 0.5, 0.4, 1, 1, 0.5, 10.5, 1, 1, 0.5, 10.6, 1, 1],
);
const scores = [0.9, 0.75, 0.6, 0.95, 0.5, 0.3, 0.3, 0.9, 0.1, 0.6];
const thresholds = [f32([1], [0.5]), f32([1], [0.25])];

const nonMaxSuppressionCases: readonly OpCase[] = [
  opCase('NonMaxSuppression', [
    corners,
    f32([2, 2, 5], [...scores, ...scores]),
    ints(3),
    ...thresholds,
  ]),
  opCase('NonMaxSuppression', [corners, f32([2, 1, 5], scores), i64([1], [2])]),
  opCase('NonMaxSuppression', [corners, f32([2, 1, 5], scores), ints(9), f32([], [0.9])]),
  opCase('NonMaxSuppression', [corners, f32([2, 1, 5], scores)], {}, { note: 'none' }),
  opCase(
    'NonMaxSuppression',
    [centres, f32([1, 2, 5], scores), fixed(i64([], [5])), ...thresholds],
    {
      center_point_box: 1,
    },
  ),
];

const repeated = [2, 1, 1, 3, 4, 3, 2, -1];
const pairs = [1, 0, 2, 1, 1, 0, 2, 0, 0, 1, 2, 1];

const uniqueCases: readonly OpCase[] = [
  opCase('Unique', [f32([8], repeated)], {}, { outputs: 4 }),
  opCase('Unique', [f32([2, 4], repeated)], { sorted: 0 }, { outputs: 4 }),
  opCase('Unique', [i64([6, 2], pairs)], { axis: 0 }, { outputs: 4 }),
  opCase('Unique', [f32([2, 6, 1], pairs)], { axis: -2 }, { outputs: 4 }),
  opCase('Unique', [f32([3, 2, 2], pairs)], { axis: 0, sorted: 0 }, { outputs: 4 }),
  opCase('Unique', [feed('int8', [5], [3, -3, 3, 0, 0])]),
  opCase('Unique', [fixed(i64([5], [4, 4, 1, 4, 1]))], {}, { outputs: 2 }),
];

const topKCases: readonly OpCase[] = [
  opCase('TopK', [f32([3, 5]), i64([1], [3])], {}, { outputs: 2, note: 'K fed' }),
  opCase(
    'TopK',
    [f32([4, 3, 2]), i64([1], [2])],
    { axis: 0, largest: 0 },
    { outputs: 2, note: 'K fed' },
  ),
];

export const countedCases: readonly OpCase[] = [
  ...nonZeroCases,
  ...compressCases,
  ...nonMaxSuppressionCases,
  ...uniqueCases,
  ...topKCases,
];
