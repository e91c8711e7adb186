/** Resampling, pooling and convolutions over images. */

import { f32, feed, fixed, i64, ints } from '../../../kernel/test/op-cases/op-case.js';
import { i, ints as list, s } from '../onnx-models.js';
import { inEachFloat, type OpsetCase, opsetCase } from './opset-case.js';

const scales = (...values: number[]) => fixed(f32([values.length], values));
const image = f32([1, 2, 4, 6]);

// biome-ignore format: a table
const resizeCases: readonly OpsetCase[] = [
  opsetCase(18, 'Resize', [image, undefined, undefined, ints(8, 3)], { axes: list(2, 3), mode: s('linear') }),
  opsetCase(18, 'Resize', [image, undefined, scales(2, 0.5)], { axes: list(-1, 2), mode: s('nearest') }),
  opsetCase(18, 'Resize', [image, undefined, scales(1.5, 1.5)], { axes: list(3, 2), mode: s('cubic') }),
  opsetCase(18, 'Resize', [image, undefined, undefined, ints(7, 7)], { axes: list(2, 3), keep_aspect_ratio_policy: s('not_larger') }),
  opsetCase(18, 'Resize', [image, undefined, undefined, ints(7, 7)], { axes: list(2, 3), keep_aspect_ratio_policy: s('not_smaller'), mode: s('linear') }),
  opsetCase(18, 'Resize', [image, scales(0.25, 0.125, 0.75, 0.875), undefined, ints(3, 4)], { axes: list(2, 3), mode: s('linear'), coordinate_transformation_mode: s('tf_crop_and_resize') }),
  opsetCase(18, 'Resize', [f32([1, 1, 6, 8]), undefined, scales(1, 1, 0.5, 0.625)], { mode: s('linear'), antialias: i(1) }),
  opsetCase(18, 'Resize', [f32([1, 1, 6, 8]), undefined, undefined, ints(3, 5)], { axes: list(2, 3), mode: s('cubic'), antialias: i(1) }),
  opsetCase(18, 'Resize', [f32([1, 1, 6, 8]), undefined, undefined, ints(4, 3)], { axes: list(2, 3), mode: s('cubic'), antialias: i(1), exclude_outside: i(1) }),
  ...['nearest', 'linear', 'cubic'].flatMap((mode) => [
    opsetCase(19, 'Resize', [image, undefined, scales(1, 1, 0.7, 1.3)], { mode: s(mode), coordinate_transformation_mode: s('half_pixel_symmetric') }),
    opsetCase(19, 'Resize', [image, undefined, undefined, ints(3, 8)], { axes: list(2, 3), mode: s(mode), coordinate_transformation_mode: s('half_pixel_symmetric') }),
  ]),
  opsetCase(19, 'Resize', [f32([1, 1, 3, 5]), undefined, undefined, ints(10, 7)], { axes: list(3, 2), keep_aspect_ratio_policy: s('not_larger'), mode: s('linear') }),
  opsetCase(19, 'Resize', [f32([1, 1, 3, 5]), undefined, undefined, ints(6)], { axes: list(2), keep_aspect_ratio_policy: s('not_smaller') }),
];

const theta = fixed(f32([1, 2, 3], [1, 0.25, -0.5, -0.25, 0.75, 0.125]));
const theta3 = fixed(f32([1, 3, 4], [1, 0, 0.25, 0, 0, 0.5, 0, 0.25, 0.125, 0, 1, -0.5]));
const grid = f32([1, 2, 3, 2], [-1, -1, 0.25, -0.5, 0.875, 0.75, 1.5, 0, -0.125, 1, 0, -1.25]);
const grid3 = f32(
  [1, 1, 2, 2, 3],
  [-1, -0.5, 0.25, 0.5, 0.75, -0.25, 1.25, 0, 0.125, 0.375, -1, 1],
);
const boxes = f32([2, 4], [0, 0, 5, 3, 1, 1.5, 4, 3.5]);

// biome-ignore format: a table
const samplingCases: readonly OpsetCase[] = [
  opsetCase(20, 'AffineGrid', [theta, ints(1, 2, 3, 4)], {}),
  opsetCase(20, 'AffineGrid', [f32([2, 2, 3]), ints(2, 1, 2, 3)], { align_corners: i(1) }),
  opsetCase(20, 'AffineGrid', [theta3, ints(1, 1, 2, 3, 2)], {}),
  ...['linear', 'nearest', 'cubic'].map((mode) => opsetCase(20, 'GridSample', [image, grid], { mode: s(mode) })),
  opsetCase(20, 'GridSample', [f32([1, 1, 3, 4, 2]), grid3], {}),
  opsetCase(20, 'GridSample', [f32([1, 1, 3, 4, 2]), grid3], { mode: s('nearest'), padding_mode: s('border') }),
  opsetCase(20, 'GridSample', [image, grid], { padding_mode: s('reflection'), align_corners: i(1) }),
  ...inEachFloat(22, 'GridSample', [image, grid], { align_corners: i(1) }),
  ...inEachFloat(22, 'RoiAlign', [image, boxes, i64([2], [0, 0])], { output_height: i(2), output_width: i(2), sampling_ratio: i(2) }, { askedAt: 16 }),
  ...inEachFloat(22, 'MaxRoiPool', [image, f32([2, 5], [0, 0, 0, 5, 3, 0, 1, 1, 4, 3])], { pooled_shape: list(2, 2) }, { askedAt: 21 }),
];

const columns = f32([1, 8, 6]);
const offsets = f32(
  [1, 8, 2, 3],
  Array.from({ length: 48 }, (_, k) => ((k * 7) % 16) / 8 - 1),
);
const deformed = [f32([1, 1, 3, 4]), f32([1, 1, 2, 2]), offsets] as const;

// biome-ignore format: a table
const convolutionCases: readonly OpsetCase[] = [
  opsetCase(18, 'Col2Im', [columns, ints(3, 4), ints(2, 2)], {}),
  opsetCase(18, 'Col2Im', [f32([1, 4, 9]), ints(4, 5), ints(2, 2)], { dilations: list(1, 2) }),
  opsetCase(18, 'Col2Im', [f32([2, 9, 4]), ints(4, 4), ints(3, 3)], { strides: list(2, 2), pads: list(1, 0, 0, 1) }),
  opsetCase(19, 'DeformConv', deformed, {}),
  opsetCase(19, 'DeformConv', [...deformed, f32([1])], { kernel_shape: list(2, 2), offset_group: i(1) }),
  opsetCase(19, 'DeformConv', [...deformed, undefined, f32([1, 4, 2, 3])], {}),
  opsetCase(19, 'DeformConv', [f32([1, 2, 4, 4]), f32([2, 1, 2, 2]), f32([1, 16, 2, 2], Array.from({ length: 64 }, (_, k) => ((k * 5) % 8) / 4 - 1)), f32([2])], { group: i(2), offset_group: i(2), strides: list(2, 2), pads: list(0, 0, 0, 0) }),
  ...inEachFloat(22, 'DeformConv', deformed, {}),
  ...inEachFloat(22, 'Conv', [f32([1, 2, 4, 5]), f32([3, 2, 3, 3]), f32([3])], { pads: list(1, 0, 1, 2), strides: list(1, 2) }),
  ...inEachFloat(22, 'Conv', [f32([1, 4, 6]), fixed(f32([4, 1, 3]))], { group: i(4), dilations: list(2) }),
  ...inEachFloat(22, 'ConvTranspose', [f32([1, 2, 3, 3]), f32([2, 2, 3, 3])], { strides: list(2, 2), output_padding: list(1, 0) }),
];

const power = { kernel_shape: list(2, 2), p: i(1) };

// biome-ignore format: a table
const poolingCases: readonly OpsetCase[] = [
  opsetCase(18, 'LpPool', [f32([1, 2, 5, 6])], { kernel_shape: list(2, 2), strides: list(2, 2), ceil_mode: i(1), p: i(1) }),
  opsetCase(18, 'LpPool', [f32([1, 2, 5, 6])], { kernel_shape: list(2, 2), dilations: list(2, 3) }),
  opsetCase(18, 'LpPool', [f32([1, 2, 7])], { kernel_shape: list(3), strides: list(2), p: i(3), pads: list(1, 1) }),
  opsetCase(19, 'AveragePool', [f32([1, 2, 6, 6])], { kernel_shape: list(2, 2), dilations: list(2, 3) }),
  opsetCase(19, 'AveragePool', [f32([1, 1, 6, 7])], { kernel_shape: list(3, 2), dilations: list(2, 2), strides: list(2, 2), pads: list(1, 1, 1, 1), ceil_mode: i(1), count_include_pad: i(1) }),
  opsetCase(19, 'AveragePool', [f32([1, 1, 5], [1, 2, 3, 4, 5])], { kernel_shape: list(3), dilations: list(2), auto_pad: s('SAME_UPPER') }, { expected: [{ dtype: 'float32', dims: [1, 1, 5], values: [2, 3, 3, 3, 4] }] }),
  opsetCase(19, 'AveragePool', [f32([1, 1, 4, 4])], { kernel_shape: list(3, 3), strides: list(2, 2), ceil_mode: i(1) }),
  opsetCase(19, 'AveragePool', [f32([1, 1, 2])], { kernel_shape: list(2), strides: list(3), pads: list(0, 1), ceil_mode: i(1) }, { note: 'no window begins in the padding' }),
  opsetCase(18, 'LpPool', [f32([1, 1, 2])], { kernel_shape: list(2), strides: list(3), pads: list(0, 1), ceil_mode: i(1) }, { note: 'no window begins in the padding' }),
  opsetCase(22, 'MaxPool', [f32([1, 1, 2])], { kernel_shape: list(2), strides: list(3), pads: list(0, 1), ceil_mode: i(1) }, { note: 'no window begins in the padding' }),
  ...inEachFloat(22, 'AveragePool', [f32([1, 2, 5, 5])], { kernel_shape: list(2, 3), pads: list(0, 1, 1, 1), dilations: list(2, 1) }),
  ...inEachFloat(22, 'GlobalAveragePool', [f32([1, 2, 3, 4])]),
  ...inEachFloat(22, 'GlobalMaxPool', [f32([1, 2, 3, 4])]),
  ...inEachFloat(22, 'GlobalLpPool', [f32([1, 2, 3, 4])], { p: i(1) }, { askedAt: 21 }),
  ...inEachFloat(22, 'LpPool', [f32([1, 2, 4, 4])], power),
  ...inEachFloat(22, 'MaxPool', [f32([1, 2, 5, 5])], { kernel_shape: list(3, 2), strides: list(2, 2), pads: list(1, 0, 0, 1) }),
  opsetCase(22, 'MaxPool', [f32([1, 2, 5, 5])], { kernel_shape: list(2, 2), dilations: list(2, 1), ceil_mode: i(1) }, { outputs: ['y', 'at'] }),
  opsetCase(22, 'MaxPool', [feed('int8', [1, 1, 4, 4])], { kernel_shape: list(2, 2) }),
  ...inEachFloat(22, 'MaxUnpool', [f32([1, 1, 2, 2]), i64([1, 1, 2, 2], [1, 3, 8, 14])], { kernel_shape: list(2, 2), strides: list(2, 2) }),
];

export const imageCases: readonly OpsetCase[] = [
  ...resizeCases,
  ...samplingCases,
  ...convolutionCases,
  ...poolingCases,
];
