import { f32, feed, fixed, type OpCase, opCase } from './op-case.js';

const softmaxCases = ['Softmax', 'LogSoftmax', 'Hardmax'].flatMap((op) => [
  opCase(op, [f32([2, 3, 4])]),
  opCase(op, [f32([2, 3, 4])], { axis: 1 }),
  opCase(op, [f32([2, 5, 3, 4])], { axis: -3 }),
  opCase(op, [f32([2, 3, 4])], { axis: 0 }),
  opCase(op, [f32([5])], { axis: 0 }),
  opCase(op, [f32([2, 1])]),
  opCase(op, [f32([2, 3], [1000, 999, 998, -1000, -1001, -1000])], {}, { note: 'extremes' }),
]);

const vector = (length: number, from = 0.5) =>
  f32(
    [length],
    Array.from({ length }, (_, i) => from + i / 8),
  );

export const normalizationCases: readonly OpCase[] = [
  ...softmaxCases,
  opCase('BatchNormalization', [
    f32([2, 3, 4, 5]),
    fixed(vector(3)),
    fixed(vector(3, -1)),
    fixed(vector(3, 0.1)),
    fixed(vector(3, 0.7)),
  ]),
  opCase(
    'BatchNormalization',
    [f32([2, 3]), vector(3), vector(3, -1), vector(3, 0.1), vector(3, 0.7)],
    { epsilon: 0.01 },
  ),
  opCase('LayerNormalization', [f32([2, 3, 6]), fixed(vector(6)), fixed(vector(6, -1))]),
  opCase('LayerNormalization', [f32([2, 3, 6]), fixed(vector(6))], { epsilon: 0.1 }),
  opCase(
    'LayerNormalization',
    [f32([2, 3, 4, 5]), f32([3, 4, 5]), f32([4, 5])],
    { axis: 1 },
    {
      outputs: 3,
    },
  ),
  opCase('InstanceNormalization', [f32([2, 3, 4, 5]), fixed(vector(3)), fixed(vector(3, -1))]),
  opCase('InstanceNormalization', [f32([2, 3, 7]), vector(3), vector(3, -1)], { epsilon: 0.01 }),
  opCase('GroupNormalization', [f32([2, 6, 3, 4]), fixed(vector(6)), fixed(vector(6, -1))], {
    num_groups: 3,
  }),
  opCase('RMSNormalization', [f32([2, 3, 6]), fixed(vector(6))]),
  opCase('RMSNormalization', [f32([2, 3, 4, 5]), f32([4, 5])], { axis: 2, epsilon: 0.1 }),
  opCase('RMSNormalization', [feed('float16', [2, 5]), feed('float16', [5])]),
  opCase('MeanVarianceNormalization', [f32([2, 3, 4, 5])]),
  opCase('MeanVarianceNormalization', [f32([2, 3, 4])], { axes: [1, -1] }),
  opCase('LpNormalization', [f32([2, 3, 4])]),
  opCase('LpNormalization', [f32([2, 3, 4, 4])], { axis: 1, p: 1 }),
  opCase('LpNormalization', [f32([2, 2], [0, 0, 3, 4])]),
  opCase('LRN', [f32([2, 7, 3, 4])], { size: 3 }),
  opCase('LRN', [f32([1, 6, 3, 4])], { size: 5, alpha: 0.2, beta: 0.5, bias: 2 }),
  opCase('LRN', [f32([1, 6, 2, 2])], { size: 5 }),
];
