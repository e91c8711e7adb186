import { f32, feed, fixed, i64, ints, type OpCase, opCase } from './op-case.js';

/** Places of a grid, some outside of the image and one far out. */
function places(dims: readonly number[]) {
  const count = dims.reduce((product, dim) => product * dim, 1);
  const values = Array.from({ length: count }, (_, i) => Math.sin(i * 1.7) * 1.6);
  values[0] = -5.3;
  return f32(dims, values);
}

const gridCases: readonly OpCase[] = [
  ...['linear', 'nearest', 'cubic'].flatMap((mode, m) =>
    ['zeros', 'border', 'reflection'].map((padding_mode, p) =>
      opCase('GridSample', [f32([2, 3, 4, 5]), places([2, 3, 6, 2])], {
        mode,
        padding_mode,
        align_corners: (m + p) % 2,
      }),
    ),
  ),
  ...['linear', 'nearest'].map((mode) =>
    opCase('GridSample', [f32([1, 2, 3, 4, 5]), places([1, 2, 3, 2, 3])], {
      mode,
      padding_mode: 'reflection',
    }),
  ),
  ...[0, 1].flatMap((align_corners) => [
    opCase('AffineGrid', [f32([2, 2, 3]), ints(2, 3, 4, 5)], { align_corners }),
    opCase('AffineGrid', [f32([1, 3, 4]), ints(1, 1, 2, 3, 4)], { align_corners }),
  ]),
];

/** One reaches far out, and one is turned round. */
const rois = f32([3, 4], [0.5, 1, 6.3, 5.2, -40, 2, 60, 7.5, 4, 0, 2, 3]);

const roiCases: readonly OpCase[] = ['half_pixel', 'output_half_pixel'].flatMap(
  (coordinate_transformation_mode) => [
    ...['avg', 'max'].map((mode) =>
      opCase('RoiAlign', [f32([2, 2, 8, 7]), rois, i64([3], [0, 1, 0])], {
        coordinate_transformation_mode,
        mode,
        output_height: 3,
        output_width: 2,
        sampling_ratio: 2,
        spatial_scale: 0.8,
      }),
    ),
    opCase('RoiAlign', [f32([2, 2, 8, 7]), rois, i64([3], [1, 1, 0])], {
      coordinate_transformation_mode,
      output_height: 2,
      output_width: 3,
    }),
  ],
);

const regions = f32([3, 5], [0, 1, 0, 5, 6, 1, 2, 3, 2, 3, 1, -3, 4, 12, 9]);

const columnCases: readonly OpCase[] = [
  opCase('Col2Im', [f32([1, 5, 5]), ints(5, 5), ints(1, 5)]),
  opCase('Col2Im', [f32([2, 12, 12]), ints(5, 6), ints(2, 3)], {
    pads: [0, 1, 0, 0],
    strides: [1, 2],
  }),
  opCase('Col2Im', [f32([1, 9, 4]), ints(6, 6), ints(3, 3)], { dilations: [2, 2] }),
  opCase('Col2Im', [f32([1, 10, 12]), ints(3, 4, 5), ints(1, 1, 5)]),
];

const deformableCases: readonly OpCase[] = [
  opCase('DeformConv', [f32([1, 2, 4, 5]), f32([3, 2, 2, 2]), f32([1, 8, 3, 4])]),
  opCase(
    'DeformConv',
    [f32([2, 4, 5, 5]), f32([6, 2, 3, 3]), f32([2, 36, 3, 2]), f32([6]), f32([2, 18, 3, 2])],
    {
      group: 2,
      offset_group: 2,
      strides: [2, 2],
      pads: [1, 1, 1, 0],
    },
  ),
  opCase(
    'DeformConv',
    [f32([1, 1, 6, 6]), f32([1, 1, 2, 2]), f32([1, 8, 4, 4]), undefined, f32([1, 4, 4, 4])],
    { dilations: [2, 2], kernel_shape: [2, 2] },
  ),
];

const unpooledAt = i64([1, 1, 2, 2], [5, 7, 13, 15]);

const unpoolCases: readonly OpCase[] = [
  opCase('MaxUnpool', [f32([1, 1, 2, 2]), unpooledAt], { kernel_shape: [2, 2], strides: [2, 2] }),
  opCase('MaxUnpool', [f32([1, 1, 2, 2]), unpooledAt, ints(1, 1, 5, 5)], {
    kernel_shape: [2, 2],
    strides: [2, 2],
  }),
  opCase('MaxUnpool', [f32([1, 2, 2]), i64([1, 2, 2], [0, 1, 3, 5])], { kernel_shape: [2] }),
];

const cropCases: readonly OpCase[] = [
  opCase('CenterCropPad', [f32([10, 7, 3]), ints(7, 10, 3)]),
  opCase('CenterCropPad', [f32([4, 5]), ints(2)], { axes: [-1] }),
  opCase('CenterCropPad', [i64([2, 3, 2]), ints(4, 3)], { axes: [1, 2] }),
];

const determinantCases: readonly OpCase[] = [
  opCase('Det', [f32([3, 3])]),
  opCase('Det', [f32([2, 2, 4, 4])]),
  opCase('Det', [f32([3, 2, 2], [0, 1, 2, 3, 1, 2, 2, 4, 5, 6, 7, 8])]),
  opCase('Det', [feed('float64', [2, 2], [1, 2, 3, 4])], {}, { expected: [[-2]] }),
];

export const visionCases: readonly OpCase[] = [
  ...gridCases,
  ...roiCases,
  opCase('MaxRoiPool', [f32([2, 3, 8, 7]), regions], { pooled_shape: [3, 2] }),
  opCase('MaxRoiPool', [f32([2, 3, 4, 5]), regions], { pooled_shape: [2, 4], spatial_scale: 0.6 }),
  ...columnCases,
  ...deformableCases,
  ...unpoolCases,
  ...cropCases,
  ...determinantCases,
  opCase('GridSample', [fixed(f32([1, 1, 2, 2])), places([1, 2, 2, 2])]),
];
