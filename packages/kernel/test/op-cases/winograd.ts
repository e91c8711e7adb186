import { elementCount, numbersOf } from '@whittle/ir';
import { type CaseInput, f32, fixed, type OpCase, opCase } from './op-case.js';

/** Weights so small that sums are about 1: near zero, the tolerance is an absolute one. */
function weight(...dims: readonly number[]): CaseInput {
  const factor = 1 / (16 * Math.sqrt(elementCount(dims.slice(1)) / 9));
  const elements = numbersOf(f32(dims).tensor);
  return fixed(
    f32(
      dims,
      elements.map((element) => element * factor),
    ),
  );
}

type Pads = readonly [top: number, left: number, bottom: number, right: number];

/** [inputs, outputs, height, width, pads]: channels that do and do not fill vectors and tiles. */
const shapes: readonly (readonly [number, number, number, number, Pads])[] = [
  [4, 8, 3, 3, [0, 0, 0, 0]],
  [5, 4, 3, 3, [1, 1, 1, 1]],
  [8, 12, 4, 5, [1, 1, 1, 1]],
  [16, 9, 6, 7, [0, 1, 2, 0]],
  [7, 17, 8, 8, [1, 1, 1, 1]],
  [12, 5, 9, 4, [2, 0, 0, 1]],
  [40, 6, 10, 11, [1, 1, 1, 1]],
  [6, 40, 12, 13, [0, 0, 1, 1]],
  [4, 4, 15, 14, [2, 2, 2, 2]],
  [32, 16, 5, 15, [1, 0, 0, 1]],
  [4, 1, 7, 7, [1, 1, 1, 1]],
  // One row, one column, one pixel.
  [5, 6, 1, 9, [1, 1, 1, 1]],
  [5, 6, 9, 3, [1, 0, 1, 0]],
  [4, 5, 3, 1, [0, 1, 0, 1]],
];

const plain = shapes.map(([inputs, outputs, height, width, pads]) =>
  opCase('Conv', [f32([1, inputs, height, width]), weight(outputs, inputs, 3, 3)], {
    pads: [...pads],
  }),
);

const around = [1, 1, 1, 1];

const withMore: readonly OpCase[] = [
  opCase('Conv', [f32([2, 6, 7, 9]), weight(10, 6, 3, 3), f32([10])], { pads: around }),
  opCase('Conv', [f32([1, 8, 9, 9]), weight(8, 8, 3, 3), fixed(f32([8])), f32([1, 8, 9, 9])], {
    pads: around,
    activation: 'Relu',
  }),
  opCase('Conv', [f32([2, 5, 6, 5]), weight(9, 5, 3, 3), undefined, f32([2, 9, 6, 5])], {
    pads: around,
    activation: 'Clip',
    activation_params: [0, 6],
  }),
  opCase('Conv', [f32([1, 9, 13, 6]), weight(7, 9, 3, 3), fixed(f32([7]))], {
    pads: around,
    activation: 'HardSwish',
  }),
  opCase('Conv', [f32([1, 5, 6, 7]), weight(10, 5, 3, 3), undefined, f32([1, 10, 6, 7])], {
    pads: around,
    activation: 'Silu',
  }),
];

/** Convolutions that Winograd's minimal filtering can compute, where a target is told to. */
export const winogradCases: readonly OpCase[] = [...plain, ...withMore];
