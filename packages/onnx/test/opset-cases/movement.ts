/** Ops that move elements: pads, parts, crops, scatters. */

import { f32, feed, fixed, i64, ints } from '../../../kernel/test/op-cases/op-case.js';
import { f, i, ints as list, s } from '../onnx-models.js';
import { inEachFloat, type OpsetCase, opsetCase } from './opset-case.js';

const one = fixed(f32([], [7]));
const indices = i64([2, 3], [1, 0, 2, -1, 1, 1]);
const tuples = i64([3, 1], [1, 0, 1]);
const matrix = f32([3, 3]);

// biome-ignore format: a table
export const movementCases: readonly OpsetCase[] = [
  opsetCase(18, 'Split', [f32([2, 7])], { axis: i(1), num_outputs: i(3) }, { outputs: ['a', 'b', 'c'] }),
  opsetCase(18, 'Split', [f32([6, 2])], { num_outputs: i(2) }, { outputs: ['a', 'b'] }),
  opsetCase(18, 'Split', [f32([2, 7]), ints(4, 1, 2)], { axis: i(-1) }, { outputs: ['a', 'b', 'c'] }),
  opsetCase(18, 'Split', [feed('int8', [7])], { num_outputs: i(4) }, { outputs: ['a', 'b', 'c', 'd'] }),

  opsetCase(18, 'Pad', [f32([2, 3, 4]), ints(1, 2), undefined, ints(-1)]),
  opsetCase(18, 'Pad', [f32([2, 3, 4]), ints(1, 0, 2, 1), one, ints(0, 2)]),
  opsetCase(18, 'Pad', [f32([3, 4]), ints(2, 1), undefined, ints(1)], { mode: s('reflect') }),
  opsetCase(18, 'Pad', [f32([3, 4]), ints(1, 2, 1, 1), undefined, ints(1, 0)], { mode: s('edge') }),
  opsetCase(18, 'Pad', [f32([2, 2], [1, 2, 3, 4]), ints(-1, 2), one, fixed(feed('int32', [1], [0]))], {}, { expected: [{ dtype: 'float32', dims: [3, 2], values: [3, 4, 7, 7, 7, 7] }] }),
  opsetCase(19, 'Pad', [f32([3, 4]), ints(1, 2, 2, 1)], { mode: s('wrap') }),
  opsetCase(19, 'Pad', [f32([1, 3], [1, 2, 3]), ints(5, 4), undefined, ints(-1)], { mode: s('wrap') }, { expected: [{ dtype: 'float32', dims: [1, 12], values: [2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1] }] }),
  opsetCase(19, 'Pad', [feed('int32', [2, 3, 2]), ints(1, 0, 0, 0, 2, 1)], { mode: s('wrap') }),
  opsetCase(19, 'Pad', [f32([4]), ints(-1, 2)], { mode: s('wrap') }),
  opsetCase(19, 'Pad', [f32([5]), ints(2, -1)], { mode: s('wrap') }),
  opsetCase(19, 'Pad', [f32([5]), ints(2, -2)], { mode: s('reflect') }),

  ...['max', 'min', 'mul', 'add'].flatMap((reduction) => [
    opsetCase(18, 'ScatterElements', [matrix, indices, f32([2, 3])], { reduction: s(reduction) }),
    opsetCase(18, 'ScatterND', [matrix, tuples, f32([3, 3])], { reduction: s(reduction) }),
  ]),
  opsetCase(18, 'ScatterElements', [f32([3, 3]), indices, f32([2, 3])], { reduction: s('max'), axis: i(1) }),
  opsetCase(18, 'ScatterElements', [feed('int32', [4]), i64([3], [0, 3, 0]), feed('int32', [3])], { reduction: s('min') }),
  opsetCase(18, 'ScatterElements', [matrix, indices, f32([2, 3])], { reduction: s('max') }, { as: 'float16' }),
  opsetCase(18, 'ScatterND', [matrix, tuples, f32([3, 3])], { reduction: s('min') }, { as: 'bfloat16' }),
  opsetCase(18, 'Pad', [f32([2, 2]), ints(1, 1), f32([], [0.5]), ints(0)], {}, { note: 'by what is fed' }),
  opsetCase(18, 'ScatterND', [feed('int64', [2, 3]), i64([2, 2], [0, 1, 1, -1]), feed('int64', [2])], { reduction: s('max') }),

  opsetCase(18, 'CenterCropPad', [f32([5, 6]), ints(3, 9)]),
  opsetCase(18, 'CenterCropPad', [f32([4, 3, 5]), ints(7, 2)], { axes: list(0, -1) }),
  opsetCase(18, 'CenterCropPad', [feed('uint8', [4, 4]), ints(3)], { axes: list(1) }),
  opsetCase(18, 'CenterCropPad', [f32([2, 5, 4]), ints(4, 4, 5)]),

  ...inEachFloat(22, 'EyeLike', [f32([3, 4])], { k: i(1) }),
  opsetCase(22, 'EyeLike', [feed('int32', [3, 2])], { k: i(-1), dtype: i(1) }),
  ...inEachFloat(22, 'Dropout', [f32([2, 3])], {}, { outputs: ['y', 'mask'] }),
  opsetCase(22, 'Dropout', [f32([2, 3]), fixed(f32([], [0.75]))], {}),
  opsetCase(22, 'Dropout', [f32([2, 3]), fixed(f32([], [0.25])), fixed(feed('bool', [], [0]))], { seed: i(3) }),
  ...inEachFloat(22, 'LpNormalization', [f32([2, 3, 2])], { axis: i(1), p: i(1) }),
  ...inEachFloat(22, 'InstanceNormalization', [f32([2, 3, 4]), f32([3]), f32([3])], { epsilon: f(0.0625) }),
];
