import { f32, fixed, type OpCase, opCase } from './op-case.js';

const small = (dims: readonly number[]) => f32(dims);

export const transposedConvolutionCases: readonly OpCase[] = [
  opCase('ConvTranspose', [f32([2, 3, 4, 5]), fixed(small([3, 6, 3, 3]))]),
  opCase('ConvTranspose', [f32([1, 3, 4, 5]), fixed(small([3, 5, 3, 3])), fixed(f32([5]))], {
    strides: [2, 2],
    pads: [1, 1, 1, 1],
    output_padding: [1, 1],
  }),
  opCase('ConvTranspose', [f32([1, 4, 5, 4]), fixed(small([4, 3, 2, 4]))], {
    strides: [2, 3],
    pads: [0, 1, 1, 2],
    group: 2,
  }),
  opCase('ConvTranspose', [f32([1, 4, 5, 4]), fixed(small([4, 1, 2, 2]))], {
    strides: [2, 2],
    group: 4,
  }),
  opCase('ConvTranspose', [f32([1, 2, 5, 4]), fixed(small([2, 3, 3, 2]))], {
    strides: [2, 1],
    dilations: [2, 3],
    pads: [1, 0, 2, 1],
  }),
  opCase('ConvTranspose', [f32([1, 2, 5, 4]), small([2, 3, 3, 3])], { strides: [2, 2] }),
  opCase('ConvTranspose', [f32([1, 2, 6]), fixed(small([2, 3, 4])), f32([3])], { strides: [3] }),
  opCase('ConvTranspose', [f32([1, 2, 3, 2, 3]), fixed(small([2, 3, 2, 2, 3]))], {
    strides: [2, 2, 1],
  }),
  opCase('ConvTranspose', [f32([1, 2, 3, 3]), fixed(small([2, 3, 1, 1]))], { strides: [2, 2] }),
  opCase('ConvTranspose', [f32([1, 2, 3, 3]), fixed(small([2, 3, 3, 1]))], {
    strides: [2, 2],
    pads: [1, 0, 0, 0],
  }),
  opCase('ConvTranspose', [f32([2, 6, 5, 4]), fixed(small([6, 9, 2, 2])), fixed(f32([9]))], {
    strides: [2, 2],
  }),
  opCase('ConvTranspose', [f32([1, 3, 1, 4]), fixed(small([3, 5, 4, 4]))], {
    strides: [2, 2],
    pads: [1, 1, 1, 1],
  }),
  opCase('ConvTranspose', [f32([1, 3, 2, 4]), fixed(small([3, 5, 5, 5]))], {
    strides: [1, 3],
    pads: [2, 0, 2, 2],
  }),
];
