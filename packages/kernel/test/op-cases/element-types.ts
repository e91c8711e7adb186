/** Conversions from each element type to each, and arithmetic on those that are rarely met. */

import { dtypes, numberToBfloat16, numberToFloat16 } from '@whittle/ir';
import { type CaseOptions, type ElementType, feed, type OpCase, opCase } from './op-case.js';

const types: readonly ElementType[] = [
  ...(['float32', 'float64', 'float16', 'bfloat16', 'bool'] as const),
  ...(['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'] as const),
];

/** Numbers as elements of a type. */
function elements(dtype: ElementType, values: readonly number[]): readonly number[] {
  if (dtype === 'float16') return values.map(numberToFloat16);
  if (dtype === 'bfloat16') return values.map(numberToBfloat16);
  return dtype === 'bool' ? values.map((value) => (value === 0 ? 0 : 1)) : values;
}

const feedOf = (dtype: ElementType, values: readonly number[]) =>
  feed(dtype, [values.length], elements(dtype, values));

/** What must come out where onnxruntime lacks the op for a type. */
const written = (dtype: ElementType, values: readonly number[]): CaseOptions => ({
  expected: [elements(dtype, values)],
});

function castCase(from: ElementType, to: ElementType): OpCase {
  const [source, target] = [dtypes[from].kind, dtypes[to].kind];
  // A float below zero is no unsigned integer, and everybody makes of it what he likes.
  const isSigned = source === 'signed' || (source === 'float' && target !== 'unsigned');
  const values = source === 'bool' ? [1, 0, 0, 1, 1, 0] : [0, 1, 3, 100, isSigned ? -5 : 5, 7];
  const isKnown = from !== 'bfloat16' && to !== 'bfloat16';
  return opCase(
    'Cast',
    [feedOf(from, values)],
    { to: dtypes[to].code },
    isKnown ? {} : written(to, values),
  );
}

const castCases = types.flatMap((from) => types.map((to) => castCase(from, to)));

const [a, b] = [
  [0, 1, 3, 100, 1, 7],
  [3, 1, 2, 7, 3, 4],
];

const arithmetic: Readonly<Record<string, (x: number, y: number) => number>> = {
  Add: (x, y) => x + y,
  Sub: (x, y) => x - y,
  Mul: (x, y) => x * y,
  Min: Math.min,
  Max: Math.max,
};

/** Whether onnxruntime has the op. */
const isKnown = (op: string, dtype: ElementType): boolean =>
  dtype !== 'bfloat16' && (!dtype.endsWith('int16') || (op !== 'Min' && op !== 'Max'));

const arithmeticCases = types
  .filter((dtype) => dtype !== 'bool' && dtype !== 'float32' && dtype !== 'int32')
  .flatMap((dtype) => [
    ...Object.entries(arithmetic).map(([op, f]) => {
      const wanted = written(
        dtype,
        a.map((x, i) => f(x, b[i] ?? 0)),
      );
      return opCase(op, [feedOf(dtype, a), feedOf(dtype, b)], {}, isKnown(op, dtype) ? {} : wanted);
    }),
    ...(dtype === 'bfloat16'
      ? []
      : ['Div', 'Less', 'Equal'].map((op) => opCase(op, [feedOf(dtype, a), feedOf(dtype, b)]))),
  ]);

const signed = [0, -1, 3, -100, 1, 7];

const unaryCases: readonly OpCase[] = [
  ...(['int8', 'int16', 'float16', 'float64'] as const).flatMap((dtype) =>
    ['Neg', 'Abs', 'Sign'].map((op) => opCase(op, [feedOf(dtype, signed)])),
  ),
  ...(['float16', 'float64'] as const).flatMap((dtype) =>
    ['Sqrt', 'Exp', 'Sigmoid', 'Tanh'].map((op) => opCase(op, [feedOf(dtype, [0, 1, 3, 4, 0.5])])),
  ),
  opCase('Neg', [feedOf('bfloat16', signed)], {}, written('bfloat16', [-0, 1, -3, 100, -1, -7])),
  opCase('Relu', [feedOf('bfloat16', signed)], {}, written('bfloat16', [0, 0, 3, 0, 1, 7])),
];

/** The sum is beyond what float16 holds, the result is not. */
const overflowCases: readonly OpCase[] = [
  ['Silu', -0],
  ['Sigmoid', 0],
].map(([activation, y]) =>
  opCase(
    'Conv',
    [
      [512, 512],
      [-128, -128],
    ].map((pair) => feed('float16', [1, 1, 1, 2], elements('float16', pair))),
    { activation },
    { expected: [[y as number]] },
  ),
);

export const elementTypeCases: readonly OpCase[] = [
  ...overflowCases,
  ...castCases,
  ...arithmeticCases,
  ...unaryCases,
];
