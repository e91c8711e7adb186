import { f32, type OpCase, opCase } from './op-case.js';

export const softmaxCases: readonly OpCase[] = ['Softmax', 'LogSoftmax', 'Hardmax'].flatMap((op) => [
  opCase(op, [f32([2, 3, 4])]),
  opCase(op, [f32([2, 3, 4])], { axis: 1 }),
  opCase(op, [f32([2, 5, 3, 4])], { axis: -3 }),
  opCase(op, [f32([2, 3, 4])], { axis: 0 }),
  opCase(op, [f32([5])], { axis: 0 }),
  opCase(op, [f32([2, 3], [1000, 999, 998, -1000, -1001, -1000])], {}, { note: 'extremes' }),
]);
