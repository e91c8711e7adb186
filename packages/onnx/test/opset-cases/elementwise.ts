/** Elementwise ops that came in opsets 18 and 20, and those that take bfloat16 since 22. */

import { bool, f32, feed, i32 } from '../../../kernel/test/op-cases/op-case.js';
import { f, i, s } from '../onnx-models.js';
import { inEachFloat, type OpsetCase, opsetCase, text } from './opset-case.js';

const u8 = (dims: readonly number[], values?: readonly number[]) => feed('uint8', dims, values);
const special = f32([6], [1, Number.NaN, Infinity, -Infinity, 0, -2]);
const between = f32([2, 4], [-1, -0.75, -0.25, 0, 0.125, 0.5, 0.875, 1]);
const inside = f32([6], [-0.9375, -0.5, -0.125, 0, 0.25, 0.875]);
const above = f32([5], [1, 1.25, 2, 5, 40]);
const halves = f32([8], [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.25, -3.75]);

// biome-ignore format: a table
export const elementwiseCases: readonly OpsetCase[] = [
  ...['BitwiseAnd', 'BitwiseOr', 'BitwiseXor'].flatMap((op) => [
    opsetCase(18, op, [i32([2, 3]), i32([3])]),
    opsetCase(18, op, [u8([4], [255, 15, 240, 1]), u8([4], [170, 85, 16, 3])]),
    opsetCase(18, op, [feed('int64', [2], [-1n, 2n ** 31n - 1n]), feed('int64', [], [12345n])]),
    opsetCase(18, op, [feed('uint16', [1, 2], [65535, 256]), feed('uint16', [3, 1], [1, 511, 40000])]),
  ]),
  opsetCase(18, 'BitwiseNot', [i32([2, 3])]),
  opsetCase(18, 'BitwiseNot', [u8([4], [255, 15, 240, 0])]),
  opsetCase(18, 'BitwiseNot', [feed('int64', [2], [-1n, 77n])]),
  opsetCase(18, 'Mish', [f32([2, 3, 4])]),
  opsetCase(18, 'Mish', [f32([], [-1.25])]),
  opsetCase(18, 'Mish', [f32([5], [-30, -5, 0, 5, 30])]),

  opsetCase(19, 'Equal', [f32([3], [1, 2, Number.NaN]), f32([3], [1, 3, Number.NaN])]),
  opsetCase(19, 'Equal', [bool([2, 2], [1, 0, 1, 0]), bool([2], [1, 1])]),
  opsetCase(19, 'Equal', [text([2], ['a', 'b']), text([1], ['a'])], {}, { refused: 'E_UNSUPPORTED_FEATURE' }),

  ...inEachFloat(20, 'Gelu', [f32([2, 3, 4])]),
  ...inEachFloat(20, 'Gelu', [f32([5], [-4, -1, 0, 1, 4])], { approximate: s('tanh') }),
  ...inEachFloat(20, 'IsInf', [special]),
  opsetCase(20, 'IsInf', [special], { detect_negative: i(0) }),
  opsetCase(20, 'IsInf', [special], { detect_positive: i(0) }, { as: 'bfloat16' }),
  ...inEachFloat(20, 'IsNaN', [special]),

  ...inEachFloat(22, 'Acos', [between]),
  ...inEachFloat(22, 'Acosh', [above]),
  ...inEachFloat(22, 'Asin', [between]),
  ...inEachFloat(22, 'Asinh', [f32([2, 4])]),
  ...inEachFloat(22, 'Atan', [f32([2, 4])]),
  ...inEachFloat(22, 'Atanh', [inside]),
  ...inEachFloat(22, 'Cos', [f32([2, 4])]),
  ...inEachFloat(22, 'Cosh', [f32([2, 4])]),
  ...inEachFloat(22, 'Sin', [f32([2, 4])]),
  ...inEachFloat(22, 'Sinh', [f32([2, 4])]),
  ...inEachFloat(22, 'Tan', [f32([5], [-1.25, -0.5, 0, 0.75, 1])]),
  ...inEachFloat(22, 'Elu', [f32([2, 4])], { alpha: f(1.5) }),
  ...inEachFloat(22, 'Selu', [f32([2, 4])], { alpha: f(2), gamma: f(0.5) }),
  ...inEachFloat(22, 'HardSigmoid', [f32([2, 4])], { alpha: f(0.25), beta: f(0.375) }),
  ...inEachFloat(22, 'HardSwish', [f32([2, 4])]),
  ...inEachFloat(22, 'Mish', [f32([2, 4])]),
  ...inEachFloat(22, 'Round', [halves]),
  ...inEachFloat(22, 'Softplus', [f32([2, 4])]),
  ...inEachFloat(22, 'Softsign', [f32([2, 4])]),
  ...inEachFloat(22, 'ThresholdedRelu', [f32([2, 4])], { alpha: f(0.5) }),
];
