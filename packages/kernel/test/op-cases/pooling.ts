import { f32, feed, type OpCase, opCase } from './op-case.js';

const windows = [
  { kernel_shape: [2, 2], strides: [2, 2] },
  { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
  { kernel_shape: [3, 2], strides: [1, 2], pads: [2, 0, 1, 1] },
  { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 },
  { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], ceil_mode: 1 },
  { kernel_shape: [2, 3], dilations: [3, 2], pads: [1, 2, 0, 1] },
];

export const poolingCases: readonly OpCase[] = [
  ...windows.flatMap((window) => [
    opCase('MaxPool', [f32([2, 3, 8, 9])], window),
    opCase('AveragePool', [f32([2, 3, 8, 9])], window),
    opCase('AveragePool', [f32([2, 3, 8, 9])], { ...window, count_include_pad: 1 }),
  ]),
  ...windows.slice(2).map((window) => opCase('LpPool', [f32([1, 2, 8, 9])], window)),
  opCase('LpPool', [f32([1, 2, 8])], { kernel_shape: [3], p: 3 }),
  opCase('MaxPool', [f32([1, 2, 11])], { kernel_shape: [4], strides: [3], pads: [2, 1] }),
  opCase('MaxPool', [f32([1, 2, 4, 5, 6])], { kernel_shape: [2, 3, 2], pads: [1, 1, 0, 0, 1, 1] }),
  opCase('AveragePool', [f32([1, 2, 4, 5, 6])], { kernel_shape: [2, 3, 2], strides: [1, 2, 3] }),
  opCase('MaxPool', [feed('uint8', [1, 2, 5, 5])], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }),
  opCase('MaxPool', [feed('int8', [1, 2, 5, 5])], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }),
  opCase(
    'MaxPool',
    [f32([2, 3, 6, 7])],
    { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
    { outputs: 2 },
  ),
  opCase(
    'MaxPool',
    [f32([2, 3, 6, 7])],
    { kernel_shape: [2, 2], storage_order: 1 },
    { outputs: 2 },
  ),
  ...['GlobalMaxPool', 'GlobalAveragePool', 'GlobalLpPool'].flatMap((op) => [
    opCase(op, [f32([2, 3, 5, 4])]),
    opCase(op, [f32([1, 17, 7])]),
    opCase(op, [f32([1, 9, 2, 3, 4])]),
  ]),
];
