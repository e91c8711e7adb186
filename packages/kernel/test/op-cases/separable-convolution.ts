import { type CaseInput, f32, fixed, type OpCase, opCase } from './op-case.js';

const weight = (...dims: number[]): CaseInput => fixed(f32(dims));
const none = undefined;
const around = { pads: [1, 1, 1, 1] };
/** Bands with a rest, in pairs, and larger than the image. */
const threes = { ...around, band_rows: 3 };
const pairsOfRows = { ...around, band_rows: 2 };
const whole = { ...around, band_rows: 100 };
const relu6 = (prefix: string) => ({
  [`${prefix}activation`]: 'Clip',
  [`${prefix}activation_params`]: [0, 6],
});

/** Inputs in the order of the record: X D P BD BP R E BE. */
const separable = (
  inputs: readonly (CaseInput | undefined)[],
  attributes: Parameters<typeof opCase>[2] = {},
): OpCase => opCase('SeparableConv', inputs, attributes);

const separated: readonly OpCase[] = [
  separable([f32([1, 5, 7, 6]), weight(5, 1, 3, 3), weight(4, 5, 1, 1)], threes),
  separable([f32([2, 5, 8, 9]), weight(5, 1, 3, 3), weight(7, 5, 1, 1), weight(5), weight(7)], {
    ...pairsOfRows,
    strides: [2, 2],
    ...relu6('depthwise_'),
    ...relu6(''),
  }),
  separable(
    [f32([2, 4, 6, 6]), weight(4, 1, 3, 3), weight(4, 4, 1, 1), none, weight(4), f32([2, 4, 6, 6])],
    { ...whole, activation: 'Relu' },
  ),
  // Three filters a channel, an even kernel, pads that differ.
  separable([f32([1, 4, 9, 7]), weight(12, 1, 2, 4), weight(5, 12, 1, 1), weight(12)], {
    band_rows: 2,
    pads: [0, 2, 1, 1],
    strides: [1, 2],
    depthwise_activation: 'HardSwish',
  }),
  separable([f32([1, 3, 11, 12]), weight(3, 1, 3, 3), weight(2, 3, 1, 1)], {
    dilations: [2, 3],
    band_rows: 3,
    pads: [2, 3, 2, 3],
  }),
  // Strides that skip rows, windows that lie in the padding alone.
  separable([f32([1, 3, 11, 11]), weight(3, 1, 2, 2), weight(2, 3, 1, 1)], { strides: [3, 4] }),
  separable([f32([1, 3, 2, 2]), weight(3, 1, 3, 3), weight(2, 3, 1, 1)], {
    band_rows: 5,
    pads: [3, 3, 3, 3],
  }),
  separable([f32([1, 3, 1, 1]), weight(3, 1, 3, 3), weight(2, 3, 1, 1)], whole),
  separable([f32([1, 1, 5, 5]), weight(2, 1, 3, 3), weight(3, 2, 1, 1)], around),
  separable([f32([2, 4, 13]), weight(4, 1, 5), weight(6, 4, 1), weight(4)], {
    band_rows: 5,
    pads: [2, 2],
  }),
  separable([f32([1, 4, 5, 6, 4]), weight(4, 1, 3, 3, 3), weight(3, 4, 1, 1, 1)], {
    band_rows: 2,
    pads: [1, 1, 1, 1, 1, 1],
    strides: [2, 1, 2],
  }),
  separable([f32([1, 4, 5, 5]), f32([4, 1, 3, 3]), f32([3, 4, 1, 1]), f32([4]), f32([3])], whole),
];

const residualBlocks: readonly OpCase[] = [
  separable(
    [
      ...[f32([2, 4, 7, 7]), weight(12, 1, 3, 3), weight(4, 12, 1, 1), weight(12), weight(4)],
      ...[f32([2, 4, 7, 7]), weight(12, 4, 1, 1), weight(12)],
    ],
    { ...around, ...relu6('expand_'), ...relu6('depthwise_') },
  ),
  separable(
    [
      ...[f32([1, 3, 9, 8]), weight(10, 1, 5, 5), weight(6, 10, 1, 1), weight(10), none, none],
      ...[weight(10, 3, 1, 1), weight(10)],
    ],
    { band_rows: 2, pads: [2, 1, 2, 3], strides: [2, 2], expand_activation: 'Silu' },
  ),
  // The bias makes what is expanded at the border other than zero, which the padding is not.
  separable(
    [
      f32([1, 2, 5, 5]),
      weight(4, 1, 3, 3),
      weight(3, 4, 1, 1),
      none,
      none,
      none,
      weight(4, 2, 1, 1),
      weight(4),
    ],
    pairsOfRows,
  ),
  separable(
    [
      f32([1, 2, 9, 9]),
      weight(8, 1, 3, 3),
      weight(3, 8, 1, 1),
      none,
      none,
      none,
      weight(4, 2, 1, 1),
    ],
    { dilations: [2, 2], band_rows: 5, pads: [2, 2, 2, 2] },
  ),
  separable(
    [
      f32([1, 2, 11, 7]),
      weight(4, 1, 2, 2),
      weight(3, 4, 1, 1),
      none,
      none,
      none,
      weight(4, 2, 1, 1),
    ],
    { strides: [4, 3], band_rows: 2, pads: [3, 0, 5, 2] },
  ),
  separable(
    [
      f32([1, 2, 12]),
      weight(4, 1, 3),
      weight(3, 4, 1),
      none,
      none,
      none,
      weight(4, 2, 1),
      weight(4),
    ],
    { band_rows: 3, pads: [1, 1] },
  ),
  separable(
    [
      ...[f32([2, 2, 4, 5, 6]), weight(4, 1, 3, 3, 3), weight(3, 4, 1, 1, 1), none, none, none],
      ...[weight(4, 2, 1, 1, 1), weight(4)],
    ],
    { band_rows: 5, pads: [1, 1, 1, 1, 1, 1], strides: [1, 2, 1] },
  ),
  separable(
    [
      f32([1, 2, 5, 5]),
      f32([4, 1, 3, 3]),
      f32([3, 4, 1, 1]),
      none,
      none,
      none,
      f32([4, 2, 1, 1]),
      f32([4]),
    ],
    whole,
  ),
];

/** One channel, which is filtered like any convolution, from a ring. */
const single = separable(
  [
    ...[f32([1, 3, 6, 5]), weight(2, 1, 1, 1), weight(2, 2, 1, 1), none, none, none],
    weight(1, 3, 1, 1),
  ],
  { band_rows: 4 },
);

/** Without the projection. */
const halves: readonly OpCase[] = [
  separable(
    [
      ...[f32([2, 3, 7, 8]), weight(6, 1, 5, 5), none, weight(6), none, f32([2, 6, 7, 8])],
      ...[weight(6, 3, 1, 1), weight(6)],
    ],
    { band_rows: 2, pads: [2, 2, 2, 2], expand_activation: 'HardSwish', activation: 'Relu' },
  ),
  separable([f32([1, 3, 9, 9]), weight(8, 1, 3, 3), none, none, none, none, weight(4, 3, 1, 1)], {
    band_rows: 4,
    pads: [1, 1, 0, 1],
    strides: [2, 2],
  }),
  separable([f32([1, 4, 5, 5]), weight(4, 1, 3, 3), none, weight(4)], threes),
];

export const separableConvolutionCases: readonly OpCase[] = [
  ...separated,
  ...residualBlocks,
  ...halves,
  single,
];
