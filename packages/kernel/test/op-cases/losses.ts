import { f32, feed, fixed, i32, i64, type OpCase, opCase } from './op-case.js';

const scores = f32([3, 5]);
const classes = i64([3], [1, 0, 4]);
const weights = f32([5], [0.2, 0.3, 0.6, 0.1, 0.5]);
const image = f32([2, 4, 2, 3]);
const labels = i64([2, 2, 3], [0, 1, 2, 3, 2, 1, 3, 3, 0, 1, 2, 0]);

export const lossCases: readonly OpCase[] = [
  opCase('NegativeLogLikelihoodLoss', [scores, classes]),
  opCase('NegativeLogLikelihoodLoss', [scores, i32([3], [1, 0, 4]), fixed(weights)], {
    reduction: 'none',
  }),
  opCase('NegativeLogLikelihoodLoss', [scores, classes, weights], { ignore_index: 0 }),
  opCase('NegativeLogLikelihoodLoss', [image, labels, f32([4])], {
    reduction: 'sum',
    ignore_index: 2,
  }),
  opCase('NegativeLogLikelihoodLoss', [image, labels], { ignore_index: 3 }),
  opCase(
    'NegativeLogLikelihoodLoss',
    [image, fixed(i64([2, 2, 3], [0, 1, -1, 3, 2, -1, 3, 3, 0, 1, 2, 0]))],
    { reduction: 'none', ignore_index: -1 },
  ),
  opCase('SoftmaxCrossEntropyLoss', [scores, classes, weights], { ignore_index: 0 }),
  opCase('SoftmaxCrossEntropyLoss', [image, labels], { reduction: 'none' }, { outputs: 2 }),
  opCase('SoftmaxCrossEntropyLoss', [feed('float64', [3, 5]), classes], {}, { outputs: 2 }),
];
