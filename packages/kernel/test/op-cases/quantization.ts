/** Ops of quantized tensors, and products of integers. */

import { dtypes, elementCount, numberToFloat16 } from '@whittle/ir';
import {
  type CaseInput,
  type ElementType,
  f32,
  feed,
  fixed,
  type OpCase,
  opCase,
} from './op-case.js';

type Dims = readonly number[];

const code = (dtype: ElementType) => dtypes[dtype].code;
const scale = (value: number) => fixed(f32([], [value]));
const scales = (...values: number[]) => fixed(f32([values.length], values));
const zero = (dtype: ElementType, value: number) => fixed(feed(dtype, [], [value]));
const zeros = (dtype: ElementType, ...values: number[]) =>
  fixed(feed(dtype, [values.length], values));
const f16 = (dims: Dims, values: readonly number[]) =>
  feed('float16', dims, values.map(numberToFloat16));

/** Elements over all that bytes hold. */
function bytes(dtype: 'int8' | 'uint8', dims: Dims): CaseInput {
  const low = dtype === 'int8' ? -128 : 0;
  const values = Array.from({ length: elementCount(dims) }, (_, i) => ((i * 97 + 31) % 256) + low);
  return feed(dtype, dims, values);
}
/** Weights of seven bits: without newer instructions, onnxruntime saturates sums of pairs at 16. */
function w8(...dims: number[]): CaseInput {
  const values = Array.from({ length: elementCount(dims) }, (_, i) => ((i * 41 + 13) % 128) - 64);
  return feed('int8', dims, values);
}
const u8 = (...dims: number[]) => bytes('uint8', dims);
const i8 = (...dims: number[]) => bytes('int8', dims);

/** Halves to either side, what is out of range, and infinities. */
const edges = f32(
  [2, 6],
  [0.25, 0.75, -0.25, -0.75, 1.25, 100, -100, 31.75, -32.25, Infinity, -Infinity, 1e20],
);

// biome-ignore format: a table
const quantizeCases: readonly OpCase[] = [
  opCase('QuantizeLinear', [edges, scale(0.5)]),
  opCase('QuantizeLinear', [edges, scale(0.5), zero('uint8', 128)]),
  opCase('QuantizeLinear', [edges, f32([], [0.3125]), feed('int8', [], [7])]),
  opCase('QuantizeLinear', [edges, scale(0.001), zero('int16', -7)]),
  opCase('QuantizeLinear', [edges, scale(0.001), zero('uint16', 30000)]),
  opCase('QuantizeLinear', [edges, scale(0.5)], { output_dtype: code('int8') }),
  opCase('QuantizeLinear', [f32([2, 3, 2, 2]), scales(0.5, 0.25, 2), zeros('uint8', 0, 9, 255)]),
  opCase('QuantizeLinear', [f32([4, 3]), scales(0.5, 0.3, 2), zeros('int8', 0, 9, -9)], { axis: -1 }),
  opCase('QuantizeLinear', [f32([2, 5]), fixed(f32([2, 2], [0.5, 0.25, 2, 1])), fixed(feed('uint8', [2, 2], [0, 1, 2, 3]))], { block_size: 3 }),
  opCase('QuantizeLinear', [f16([3], [0.25, 1.5, -9]), fixed(f16([], [0.5])), zero('int8', 1)]),
  opCase('QuantizeLinear', [f32([]), scale(0.5), zero('uint8', 3)]),
  opCase('QuantizeLinear', [f32([0, 3]), scale(0.5), zero('uint8', 3)]),
];

// biome-ignore format: a table
const dequantizeCases: readonly OpCase[] = [
  opCase('DequantizeLinear', [u8(2, 5), scale(0.5)]),
  opCase('DequantizeLinear', [u8(2, 5), f32([], [0.1]), feed('uint8', [], [128])]),
  opCase('DequantizeLinear', [i8(2, 3, 2, 2), scales(0.5, 0.25, 2), zeros('int8', 0, 9, -128)]),
  opCase('DequantizeLinear', [i8(5, 2), fixed(f32([3, 2], [0.5, 0.25, 2, 1, 3, 4]))], { axis: 0, block_size: 2 }),
  opCase('DequantizeLinear', [feed('int32', [3], [-70000, 0, 9]), scale(0.25)]),
  opCase('DequantizeLinear', [feed('int16', [2, 3]), scale(0.25), zero('int16', -7)]),
  opCase('DequantizeLinear', [feed('uint16', [2, 3]), scale(0.25)]),
  opCase('DequantizeLinear', [i8(4), fixed(f16([], [0.5])), zero('int8', 3)]),
];

const dynamicCases: readonly OpCase[] = [
  [-1, -2, 3, 5.5],
  [1.5, 2, 9.25],
  [-1, -2, -3, -0.625],
  [0, 0],
].map((values) =>
  opCase('DynamicQuantizeLinear', [f32([values.length], values)], {}, { outputs: 3 }),
);

// biome-ignore format: a table
const productCases: readonly OpCase[] = [
  opCase('MatMulInteger', [u8(3, 5), fixed(w8(5, 7))]),
  opCase('MatMulInteger', [u8(3, 5), u8(5, 7), zero('uint8', 12), feed('uint8', [], [100])]),
  opCase('MatMulInteger', [i8(2, 3, 8), fixed(w8(8, 12)), zero('int8', -3), zeros('int8', ...Array<number>(12).fill(5))]),
  opCase('MatMulInteger', [u8(2, 1, 3, 6), w8(4, 6, 5), zero('uint8', 7)]),
  opCase('MatMulInteger', [u8(4, 5), fixed(w8(5, 3)), zero('uint8', 1), zeros('int8', 1, -2, 3)]),
  opCase('MatMulInteger', [u8(2, 3), u8(3, 2), feed('uint8', [2], [3, 9]), undefined], {}, { expected: [productOf(u8(2, 3), u8(3, 2), [3, 9])] }),
  opCase('MatMulInteger', [u8(5), fixed(u8(5))], {}, { expected: [productOf(u8(1, 5), u8(5, 1), [0])] }),
  opCase('QLinearMatMul', [u8(3, 5), scale(0.02), zero('uint8', 100), fixed(w8(5, 8)), scale(0.01), zero('int8', 0), scale(0.05), zero('uint8', 110)]),
  opCase('QLinearMatMul', [i8(2, 2, 3, 6), scale(0.02), zero('int8', 5), i8(2, 1, 6, 7), scale(0.01), zero('int8', -4), f32([], [0.125]), zero('int8', 3)]),
  opCase('QLinearMatMul', [i8(2, 3, 6), scale(0.02), zero('int8', 5), fixed(w8(6, 4)), scales(0.01, 0.02, 0.5, 0.001), zeros('int8', 0, 0, 0, 0), scale(0.1), zero('int8', 3)]),
  opCase('QLinearMatMul', [feed('int8', [2, 2], [1, 2, 3, 4]), scales(1, 0.5), zeros('int8', 0, 1), fixed(feed('int8', [2, 2], [5, 6, 7, 8])), scale(1), zero('int8', 0), scales(1, 2), zeros('int8', 0, 3)], {}, { expected: [[19, 22, 11, 12]], note: 'scales of rows' }),
];

/** A · B of bytes as numbers, with a zero point for each row of A. */
function productOf(a: CaseInput, b: CaseInput, rowZeros: readonly number[]): number[] {
  const [rows = 1, depth = 1] = a.tensor.dims;
  const columns = b.tensor.dims[1] ?? 1;
  return Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    let sum = 0;
    for (let k = 0; k < depth; k++) {
      const left = (a.tensor.bytes[row * depth + k] ?? 0) - (rowZeros[row] ?? rowZeros[0] ?? 0);
      sum += left * (b.tensor.bytes[k * columns + column] ?? 0);
    }
    return sum;
  });
}

const x = [scale(0.02), zero('uint8', 117)];
const y = [scale(0.3), zero('uint8', 90)];
const w = [scale(0.01), zero('int8', 0)];

// biome-ignore format: a table
const convolutionCases: readonly OpCase[] = [
  opCase('ConvInteger', [u8(1, 3, 5, 6), fixed(u8(4, 3, 3, 3)), zero('uint8', 40)], { pads: [1, 1, 1, 1] }),
  opCase('ConvInteger', [u8(2, 4, 5, 5), u8(4, 2, 3, 2), feed('uint8', [], [40]), zero('uint8', 8)], { group: 2, strides: [2, 1], pads: [0, 1, 2, 0] }),
  opCase('ConvInteger', [u8(1, 2, 7), fixed(w8(3, 2, 3))], { strides: [2], pads: [1, 1] }),
  opCase('ConvInteger', [u8(1, 2, 3, 3), fixed(u8(2, 2, 1, 1)), zero('uint8', 3), zeros('uint8', 1, 2)], {}, { note: 'zero points of channels', expected: [convolvedByChannel()] }),
  opCase('QLinearConv', [u8(1, 3, 7, 6), ...x, fixed(w8(8, 3, 3, 3)), ...w, ...y, fixed(feed('int32', [8]))], { pads: [1, 1, 1, 1], strides: [2, 2] }),
  opCase('QLinearConv', [u8(2, 16, 3, 4), ...x, fixed(w8(12, 16, 1, 1)), scales(...Array.from({ length: 12 }, (_, i) => 0.002 * (i + 1))), zeros('int8', ...Array<number>(12).fill(0)), ...y]),
  opCase('QLinearConv', [u8(1, 9, 9, 7), ...x, fixed(w8(9, 1, 3, 3)), ...w, ...y, fixed(feed('int32', [9]))], { group: 9, pads: [1, 1, 1, 1] }),
  opCase('QLinearConv', [i8(1, 5, 6, 9), scale(0.02), zero('int8', -5), fixed(w8(5, 1, 2, 4)), ...w, scale(0.3), zero('int8', 4)], { group: 5, pads: [0, 2, 1, 1], strides: [1, 2], dilations: [2, 1] }),
  opCase('QLinearConv', [u8(1, 4, 3, 3), ...x, u8(4, 1, 3, 3), scale(0.01), feed('uint8', [], [3]), ...y], { group: 4, pads: [2, 2, 2, 2], dilations: [2, 2] }),
  opCase('QLinearConv', [u8(1, 6, 5), ...x, u8(6, 2, 3), scale(0.01), zero('uint8', 77), f32([], [0.3]), zero('uint8', 90)], { group: 3, dilations: [2] }),
  opCase('QLinearConv', [u8(1, 4, 3, 4, 2), ...x, fixed(w8(3, 4, 2, 2, 1)), ...w, ...y], { pads: [1, 0, 0, 0, 1, 0] }),
];

/** The pointwise case of two channels with a zero point each. */
function convolvedByChannel(): number[] {
  const image = u8(1, 2, 3, 3).tensor.bytes;
  const filter = u8(2, 2, 1, 1).tensor.bytes;
  return [0, 1].flatMap((channel) =>
    Array.from({ length: 9 }, (_, pixel) =>
      [0, 1].reduce((sum, c) => {
        const weight = (filter[channel * 2 + c] ?? 0) - (channel + 1);
        return sum + ((image[c * 9 + pixel] ?? 0) - 3) * weight;
      }, 0),
    ),
  );
}

export const quantizationCases: readonly OpCase[] = [
  ...quantizeCases,
  ...dequantizeCases,
  ...dynamicCases,
  ...productCases,
  ...convolutionCases,
];
