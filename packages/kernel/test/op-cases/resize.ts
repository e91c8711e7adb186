import { f32, feed, fixed, ints, type OpCase, opCase } from './op-case.js';

const scales = (...values: number[]) => fixed(f32([values.length], values));

const transformations = [
  ...['half_pixel', 'half_pixel_symmetric', 'pytorch_half_pixel', 'align_corners'],
  ...['asymmetric', 'tf_half_pixel_for_nn'],
];
const nearestModes = ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'];

const nearestCases = transformations.flatMap((coordinate_transformation_mode) =>
  nearestModes.flatMap((nearest_mode) => [
    opCase('Resize', [f32([1, 2, 3, 4]), undefined, undefined, ints(1, 2, 7, 6)], {
      mode: 'nearest',
      coordinate_transformation_mode,
      nearest_mode,
    }),
  ]),
);

const smoothCases = ['linear', 'cubic'].flatMap((mode) =>
  transformations
    // onnxruntime leaves this one to the nearest mode.
    .filter((name) => name !== 'tf_half_pixel_for_nn')
    .flatMap((coordinate_transformation_mode) => [
      opCase('Resize', [f32([1, 2, 3, 4]), undefined, undefined, ints(1, 2, 7, 6)], {
        mode,
        coordinate_transformation_mode,
      }),
      opCase('Resize', [f32([1, 2, 6, 8]), undefined, scales(1, 1, 0.6, 0.5)], {
        mode,
        coordinate_transformation_mode,
      }),
    ]),
);

const antialiasedCases: readonly OpCase[] = [
  ...['linear', 'cubic'].flatMap((mode) => [
    opCase('Resize', [f32([1, 2, 8, 9]), undefined, scales(1, 1, 0.45, 0.6)], {
      mode,
      antialias: 1,
    }),
    opCase('Resize', [f32([1, 1, 4, 4]), undefined, scales(1, 1, 2.1, 0.7)], {
      mode,
      antialias: 1,
      exclude_outside: 1,
    }),
    opCase('Resize', [f32([1, 1, 6, 20]), undefined, undefined, ints(1, 1, 4, 3)], {
      mode,
      antialias: 1,
      coordinate_transformation_mode: 'align_corners',
    }),
  ]),
  // So many terms that their sum is a loop.
  opCase('Resize', [f32([1, 1, 20, 24]), undefined, undefined, ints(1, 1, 3, 2)], {
    mode: 'linear',
    antialias: 1,
  }),
  opCase('Resize', [feed('uint8', [1, 2, 7, 8]), undefined, scales(1, 1, 1, 0.5)], {
    mode: 'linear',
    antialias: 1,
  }),
];

export const resizeCases: readonly OpCase[] = [
  ...nearestCases,
  ...smoothCases,
  opCase('Resize', [f32([2, 3, 3, 4]), undefined, scales(1, 1, 2, 2)], {
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  }),
  opCase('Resize', [f32([1, 2, 5]), undefined, scales(1, 1, 2.6)], { mode: 'linear' }),
  opCase('Resize', [f32([1, 2, 3, 4, 5]), undefined, undefined, ints(1, 2, 4, 6, 3)], {
    mode: 'linear',
  }),
  opCase('Resize', [f32([1, 2, 4, 4]), undefined, scales(1, 1, 0.8, 0.8)], {
    mode: 'cubic',
    exclude_outside: 1,
    cubic_coeff_a: -0.5,
  }),
  opCase(
    'Resize',
    [f32([1, 1, 4, 4]), scales(0, 0, 0.4, 0.6, 1, 1, 1.2, 1.7), undefined, ints(1, 1, 3, 3)],
    {
      mode: 'linear',
      coordinate_transformation_mode: 'tf_crop_and_resize',
      extrapolation_value: 10,
    },
  ),
  opCase('Resize', [f32([1, 1, 4, 4]), undefined, undefined, ints(8, 6)], {
    axes: [2, 3],
    keep_aspect_ratio_policy: 'not_larger',
  }),
  opCase('Resize', [f32([1, 1, 2, 4]), undefined, undefined, ints(7, 8)], {
    axes: [2, 3],
    keep_aspect_ratio_policy: 'not_smaller',
  }),
  opCase('Resize', [f32([1, 1, 2, 4]), undefined, scales(1, 1, 1, 1)], { mode: 'linear' }),
  opCase('Resize', [feed('uint8', [1, 2, 3, 4]), undefined, scales(1, 1, 2, 2)], {}),
  ...antialiasedCases,
  // A weighted sum of whole numbers loses its fraction; cubic weights may lead beyond the dtype.
  opCase('Resize', [feed('uint8', [1, 2, 3, 4]), undefined, scales(1, 1, 2, 4)], {
    mode: 'linear',
  }),
  opCase(
    'Resize',
    [feed('uint8', [1, 4], [0, 255, 255, 0]), undefined, scales(1, 2)],
    { mode: 'cubic' },
    { expected: [[0, 57, 197, 255, 255, 197, 57, 0]] },
  ),
  opCase('Resize', [f32([4, 5]), undefined, undefined, ints(7)], { axes: [-1], mode: 'cubic' }),
  opCase('Resize', [f32([2, 3, 4, 5]), scales(0.2, 0.1, 1.4, 0.7), undefined, ints(3, 2)], {
    axes: [3, 2],
    mode: 'linear',
    coordinate_transformation_mode: 'tf_crop_and_resize',
    extrapolation_value: -1,
  }),
];
