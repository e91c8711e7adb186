import { bool, f32, feed, fixed, i32, i64, type OpCase, opCase } from './op-case.js';

const f = (...values: number[]) => f32([values.length], values);
const inf = Number.POSITIVE_INFINITY;
const nan = Number.NaN;

const anyFloat = [
  ...['Abs', 'Neg', 'Sign', 'Floor', 'Ceil', 'Round', 'Exp', 'Sin', 'Cos', 'Tan', 'Atan', 'Sinh'],
  ...['Cosh', 'Tanh', 'Asinh', 'Erf', 'Relu', 'LeakyRelu', 'Elu', 'Selu', 'Celu', 'Sigmoid'],
  ...['ThresholdedRelu', 'HardSigmoid', 'HardSwish', 'Softplus', 'Softsign', 'Mish', 'Gelu'],
  ...['Shrink', 'IsNaN', 'IsInf', 'Reciprocal'],
];

const unaryCases: readonly OpCase[] = [
  ...anyFloat.map((op) => opCase(op, [f32([2, 3, 3, 5])])),
  ...['Sqrt', 'Log', 'Acosh'].map((op) => opCase(op, [f(1, 1.5, 2, 7, 1000)])),
  ...['Asin', 'Acos', 'Atanh'].map((op) => opCase(op, [f(-0.9, -0.5, 0, 0.25, 0.99)])),
  ...['Abs', 'Relu', 'Exp'].map((op) => opCase(op, [f32([])])),
  ...['Sign', 'Sigmoid'].map((op) => opCase(op, [f32([2, 0], [])])),
  ...['Abs', 'Neg', 'Sign'].flatMap((op) => [opCase(op, [i32([2, 3])]), opCase(op, [i64([5])])]),
  opCase('Abs', [feed('uint8', [4])]),
  opCase('Abs', [feed('uint32', [5], [0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1])]),
  opCase('Sign', [feed('uint32', [4], [0, 1, 7, 2])]),
  opCase('Round', [f(-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.4)]),
  opCase('Relu', [f(-0, nan, -inf, inf)], {}, { expected: [[0, nan, 0, inf]] }),
  opCase('Sigmoid', [f(-1000, 1000, -inf, inf)]),
  opCase('Softplus', [f(-1000, 1000, 90, -90)]),
  opCase(
    'Silu',
    [f(-3, 0, 2)],
    {},
    {
      expected: [[-3 / (1 + Math.exp(3)), 0, 2 / (1 + Math.exp(-2))]],
    },
  ),
  opCase('LeakyRelu', [f32([3, 4])], { alpha: 0.3 }),
  opCase('Elu', [f32([3, 4])], { alpha: 0.5 }),
  opCase('Selu', [f32([3, 4])], { alpha: 2, gamma: 3 }),
  opCase('Celu', [f32([3, 4])], { alpha: 2 }),
  opCase('ThresholdedRelu', [f32([3, 4])], { alpha: 2 }),
  opCase('HardSigmoid', [f32([3, 4])], { alpha: 0.4, beta: 0.25 }),
  opCase('Shrink', [f32([3, 4])], { lambd: 1.5, bias: 0.5 }),
  opCase('Shrink', [i32([3, 4])], { lambd: 1.5, bias: 2 }),
  opCase('Gelu', [f32([3, 4])], { approximate: 'tanh' }),
  opCase('IsNaN', [f(1, nan, inf, -0)]),
  opCase('IsInf', [f(1, nan, inf, -inf)]),
  opCase('IsInf', [f(1, nan, inf, -inf)], { detect_negative: 0 }),
  opCase('IsInf', [f(1, nan, inf, -inf)], { detect_positive: 0 }),
  opCase('IsInf', [f(1, inf)], { detect_positive: 0, detect_negative: 0 }),
  opCase('Not', [bool([2, 3])]),
  opCase('BitwiseNot', [i32([2, 3])]),
  opCase('BitwiseNot', [feed('uint8', [4])]),
];

const arithmetic = ['Add', 'Sub', 'Mul', 'Div'];
const comparisons = ['Equal', 'Less', 'LessOrEqual', 'Greater', 'GreaterOrEqual'];
const nonZero = (dims: readonly number[], values: readonly number[]) => i32(dims, values);

const binaryCases: readonly OpCase[] = [
  ...arithmetic.flatMap((op) => [
    opCase(op, [f32([2, 3, 4, 5]), f32([4, 1])]),
    opCase(op, [f32([2, 1, 5]), f32([3, 1])]),
    opCase(op, [f32([]), f32([2, 3])]),
    opCase(op, [f32([]), f32([])]),
    opCase(op, [f32([2, 3, 4]), f32([2, 3, 4])]),
    opCase(op, [f32([2, 8, 3, 3]), fixed(f32([1, 8, 1, 1]))]),
    opCase(op, [f32([2, 3]), fixed(f32([], [2.5]))]),
    opCase(op, [f32([1, 0], []), f32([3, 1])]),
    opCase(op, [i64([5], [7, -7, 9, 100, -1]), i64([5], [2, 2, -4, 7, 3])]),
    opCase(op, [nonZero([2, 2], [7, -7, 2147483647, -5]), nonZero([2], [2, -3])]),
  ]),
  ...comparisons.flatMap((op) => [
    opCase(op, [f32([2, 3], [1, nan, 3, -0, 5, inf]), f32([3], [0, nan, 3])]),
    opCase(op, [i64([3], [1, 2, 3]), i64([], [2])]),
    opCase(op, [i32([2, 2]), i32([2, 1])]),
  ]),
  opCase('Equal', [bool([4]), bool([4], [1, 0, 1, 0])]),
  ...['And', 'Or', 'Xor'].map((op) => opCase(op, [bool([2, 3]), bool([3])])),
  ...['BitwiseAnd', 'BitwiseOr', 'BitwiseXor'].flatMap((op) => [
    opCase(op, [i32([2, 3]), i32([3])]),
    opCase(op, [feed('uint8', [4]), feed('uint8', [4], [1, 2, 255, 16])]),
    opCase(op, [i64([3], [-1, 5, 9]), i64([3], [6, -2, 12])]),
  ]),
  ...['LEFT', 'RIGHT'].flatMap((direction) => [
    opCase('BitShift', [feed('uint32', [3], [1, 16, 255]), feed('uint32', [3], [1, 2, 3])], {
      direction,
    }),
    opCase('BitShift', [feed('uint8', [2], [255, 3]), feed('uint8', [], [2])], { direction }),
    opCase('BitShift', [feed('uint64', [2], [255, 3]), feed('uint64', [2], [2, 40])], {
      direction,
    }),
  ]),
  opCase('Mod', [i32([6], [-4, 7, 5, 4, -7, 8]), i32([6], [2, -3, 8, -2, 3, 5])]),
  opCase('Mod', [i32([6], [-4, 7, 5, 4, -7, 8]), i32([6], [2, -3, 8, -2, 3, 5])], { fmod: 1 }),
  opCase('Mod', [i64([3], [-4, 7, 5]), i64([], [3])]),
  opCase('Mod', [f(-4.3, 7.2, 5), f(2.1, -3.4, 8)], { fmod: 1 }),
  opCase('Pow', [f(1, 2, 3), f(0, 2.5, -2)]),
  opCase('Pow', [f32([2, 3]), fixed(f32([], [2]))]),
  opCase('Pow', [f(0.25, 4), fixed(f32([], [0.5]))]),
  opCase('Pow', [f(1.5, 2), i64([2], [3, 2])]),
  opCase('Pow', [i32([3], [2, 3, -2]), i32([3], [5, 0, 3])]),
  opCase('Pow', [i64([2], [2, 3]), i64([2], [40, 20])]),
  opCase('Pow', [i32([2], [2, 9]), f(1.5, 0.5)]),
  opCase('PRelu', [f32([2, 3, 4, 4]), fixed(f32([3, 1, 1]))]),
  opCase('PRelu', [f32([2, 3]), f32([3])]),
];

const otherCases: readonly OpCase[] = [
  ...['Min', 'Max', 'Sum', 'Mean'].flatMap((op) => [
    opCase(op, [f32([2, 3]), f32([3]), f32([2, 1])]),
    opCase(op, [f32([2, 3])]),
    opCase(op, [f32([]), f32([])]),
  ]),
  ...['Min', 'Max'].flatMap((op) => [
    opCase(op, [i64([3], [1, 5, -3]), i64([], [2])]),
    opCase(op, [i32([2, 3]), i32([3])]),
    opCase(op, [f(1, nan, 3), f(nan, 2, 2)]),
  ]),
  opCase('Clip', [f32([2, 3, 4, 4]), fixed(f32([], [-1])), fixed(f32([], [2]))]),
  opCase('Clip', [f32([2, 3]), undefined, f32([], [0.5])]),
  opCase('Clip', [f32([2, 3]), f32([], [0.5])]),
  opCase('Clip', [f32([2, 3]), fixed(f32([], [-inf])), fixed(f32([], [inf]))]),
  opCase('Clip', [f32([2, 3])]),
  opCase('Clip', [i32([6]), i32([], [-3]), i32([], [4])]),
  opCase('Clip', [i64([6]), i64([], [-3]), i64([], [4])]),
  opCase('Where', [bool([2, 3]), f32([3]), f32([2, 1])]),
  opCase('Where', [bool([3]), i64([2, 3]), i64([])]),
  opCase('Where', [bool([]), f32([2]), f32([2])]),
  opCase('Cast', [f32([2, 3, 4, 4])], { to: 7 }),
  opCase('Cast', [f(-2.9, -0.5, 0.5, 2.9)], { to: 6 }),
  opCase('Cast', [f(-2.9, 0, 0.5, nan)], { to: 9 }),
  opCase('Cast', [bool([4])], { to: 1 }),
  opCase('Cast', [bool([4])], { to: 7 }),
  opCase('Cast', [i64([3], [1, -2, 300])], { to: 1 }),
  opCase('Cast', [i64([3], [1, -2, 4294967299n])], { to: 6 }),
  opCase('Cast', [i64([3], [0, -2, 1])], { to: 9 }),
  opCase('Cast', [i32([3], [1, -2, 300])], { to: 2 }),
  opCase('Cast', [i32([3], [1, -2, 300])], { to: 7 }),
  opCase('Cast', [f(1, 0.1, 70000, 1e-8)], { to: 10 }),
  opCase('Cast', [f32([])], { to: 11 }),
  opCase('CastLike', [f32([2, 3]), i32([1])]),
  opCase('Add', [feed('float64', [3]), feed('float64', [3])]),
  opCase('Add', [feed('uint8', [3], [200, 100, 3]), feed('uint8', [3], [100, 10, 4])]),
];

export const elementwiseCases: readonly OpCase[] = [...unaryCases, ...binaryCases, ...otherCases];
