/** QuantizeLinear, DequantizeLinear and QLinearMatMul, whose types and blocks changed in opsets 19, 21 and 23. */

import { f32, feed, fixed } from '../../../kernel/test/op-cases/op-case.js';
import { i } from '../onnx-models.js';
import { foreign, foreignCode, inEachFloat, type OpsetCase, opsetCase } from './opset-case.js';

type Dims = readonly number[];
type Values = readonly number[];

const refused = { refused: 'E_UNSUPPORTED_FEATURE' } as const;
const u8 = (dims: Dims, values?: Values) => feed('uint8', dims, values);
const i8 = (dims: Dims, values?: Values) => feed('int8', dims, values);
const i16 = (dims: Dims, values?: Values) => feed('int16', dims, values);
const u16 = (dims: Dims, values?: Values) => feed('uint16', dims, values);
const scale = fixed(f32([], [0.25]));
const scales = fixed(f32([3], [0.5, 0.25, 2]));
const blocks = fixed(f32([2, 2], [0.5, 0.25, 2, 1]));
const data = f32([2, 3]);

// biome-ignore format: a table
export const quantizedCases: readonly OpsetCase[] = [
  opsetCase(19, 'QuantizeLinear', [data, scale, fixed(u8([], [128]))], {}),
  opsetCase(19, 'QuantizeLinear', [data, scales, fixed(i8([3], [0, -5, 5]))], { axis: i(-1), saturate: i(1) }),
  ...inEachFloat(19, 'QuantizeLinear', [data, scale], {}),
  opsetCase(19, 'QuantizeLinear', [data, scale, foreign('float8e4m3fn', [])], {}, refused),
  opsetCase(19, 'DequantizeLinear', [u8([2, 3]), scale, fixed(u8([], [7]))], {}),
  opsetCase(19, 'DequantizeLinear', [i8([2, 3]), scales, fixed(i8([3], [0, -5, 5]))], { axis: i(-1) }),
  opsetCase(19, 'DequantizeLinear', [feed('int32', [2, 3]), scale], {}),
  ...inEachFloat(19, 'DequantizeLinear', [i8([4]), scale, fixed(i8([], [3]))], {}),
  opsetCase(19, 'DequantizeLinear', [foreign('float8e5m2', [2]), scale], {}, refused),

  opsetCase(21, 'QuantizeLinear', [data, scale, fixed(u16([], [30000]))], {}),
  opsetCase(21, 'QuantizeLinear', [data, scale, fixed(i16([], [-7]))], {}),
  opsetCase(21, 'QuantizeLinear', [f32([2, 4]), blocks, fixed(i8([2, 2], [0, 1, -1, 2]))], { axis: i(1), block_size: i(2) }),
  opsetCase(21, 'QuantizeLinear', [f32([4, 2]), blocks], { axis: i(0), block_size: i(2), output_dtype: i(5) }),
  opsetCase(21, 'QuantizeLinear', [data, scale], { output_dtype: foreignCode('int4') }, refused),
  opsetCase(21, 'DequantizeLinear', [i16([2, 3]), scale, fixed(i16([], [-7]))], {}),
  opsetCase(21, 'DequantizeLinear', [u16([2, 3]), scale], {}),
  opsetCase(21, 'DequantizeLinear', [i8([2, 4]), blocks, fixed(i8([2, 2], [0, 1, -1, 2]))], { axis: i(1), block_size: i(2) }),
  opsetCase(21, 'DequantizeLinear', [u8([3, 2]), blocks], { axis: i(0), block_size: i(2) }, { note: 'a last block that is smaller' }),
  opsetCase(21, 'DequantizeLinear', [foreign('int4', [4]), scale], {}, refused),
  opsetCase(21, 'DequantizeLinear', [foreign('uint4', [4]), scale], {}, refused),

  opsetCase(21, 'QLinearMatMul', [u8([2, 3]), scale, fixed(u8([], [9])), u8([3, 2]), scale, fixed(u8([], [4])), fixed(f32([], [2])), fixed(u8([], [100]))], {}),
  opsetCase(21, 'QLinearMatMul', [i8([2, 3]), scale, fixed(i8([], [0])), i8([3, 2]), fixed(f32([2], [0.5, 0.25])), fixed(i8([2], [0, 0])), fixed(f32([], [2])), fixed(i8([], [1]))], {}),
  opsetCase(21, 'QLinearMatMul', [u8([1, 2, 3]), scale, fixed(u8([], [9])), u8([1, 3, 2]), scale, fixed(u8([], [4])), fixed(f32([], [2])), fixed(u8([], [0]))], {}),

  opsetCase(23, 'QuantizeLinear', [data, scale, fixed(u8([], [128]))], { precision: i(1) }),
  opsetCase(23, 'QuantizeLinear', [data, scales], { axis: i(1), output_dtype: i(3) }),
  opsetCase(23, 'QuantizeLinear', [f32([2, 4]), blocks, fixed(u8([2, 2], [0, 1, 3, 2]))], { block_size: i(2) }),
  opsetCase(23, 'QuantizeLinear', [data, scale], { output_dtype: foreignCode('float4e2m1') }, refused),
  opsetCase(23, 'DequantizeLinear', [u8([2, 3]), scale, fixed(u8([], [7]))], {}),
  opsetCase(23, 'DequantizeLinear', [i8([2, 3]), scales], { axis: i(1), output_dtype: i(1) }),
  opsetCase(23, 'DequantizeLinear', [feed('int32', [4]), scale], { axis: i(0) }),
  opsetCase(23, 'DequantizeLinear', [foreign('float4e2m1', [4]), scale], {}, refused),
];
