/**
 * Ops that move elements and came to take types of 8 and 4 bits in opsets 19, 21 and 23: their forms stay as
 * they were, and the new types are refused with the name of what has them.
 */

import { type DType, tensorOf } from '@whittle/ir';
import type { onnx as types } from 'onnx-proto';
import { bool, f32, feed, fixed, i32, i64, ints } from '../../../kernel/test/op-cases/op-case.js';
import { dataTypeOf } from '../../src/data-type.js';
import { i, ints as intList, node, t } from '../onnx-models.js';
import {
  type ForeignType,
  foreign,
  foreignCode,
  type OpsetCase,
  type OpsetInput,
  opsetCase,
} from './opset-case.js';

const foreignOf: Readonly<Record<number, readonly ForeignType[]>> = {
  19: ['float8e4m3fn', 'float8e5m2'],
  20: ['float8e4m3fnuz', 'float8e5m2fnuz'],
  21: ['int4', 'uint4'],
  23: ['float4e2m1'],
};

const refused = { refused: 'E_UNSUPPORTED_FEATURE' } as const;

/** Two types that all targets have, and those of the opset that they have not. */
function moving(
  opsets: readonly number[],
  op: string,
  dims: readonly number[],
  others: readonly OpsetInput[],
  attributes: Readonly<Record<string, types.IAttributeProto>> = {},
): OpsetCase[] {
  return opsets.flatMap((opset) => [
    opsetCase(opset, op, [f32(dims), ...others], attributes),
    opsetCase(opset, op, [feed('int8', dims), ...others], attributes),
    ...(foreignOf[opset] ?? []).map((type) =>
      opsetCase(opset, op, [foreign(type, dims), ...others], attributes, refused),
    ),
  ]);
}

const to = (dtype: DType) => ({ to: i(dataTypeOf(dtype)) });

// biome-ignore format: a table
const castCases: readonly OpsetCase[] = [19, 21, 23].flatMap((opset) => [
  opsetCase(opset, 'Cast', [f32([5], [-1.5, 0, 1.75, 100, -7])], to('int32')),
  opsetCase(opset, 'Cast', [i32([3], [1, -2, 300])], { ...to('float32'), saturate: i(0) }, { expected: [{ dtype: 'float32', dims: [3], values: [1, -2, 300] }] }),
  opsetCase(opset, 'Cast', [feed('uint8', [3])], to('int64')),
  opsetCase(opset, 'CastLike', [f32([3], [-1.5, 0, 2.5]), feed('int8', [1], [0])], { saturate: i(1) }),
  opsetCase(opset, 'CastLike', [bool([3], [1, 0, 1]), f32([], [0])]),
  opsetCase(opset, 'CastLike', [i64([2, 2]), i32([2])]),
  ...(foreignOf[opset] ?? []).flatMap((type) => [
    opsetCase(opset, 'Cast', [f32([4])], { to: foreignCode(type) }, { ...refused, note: `to ${type}` }),
    opsetCase(opset, 'Cast', [foreign(type, [4])], to('float32'), refused),
    opsetCase(opset, 'CastLike', [f32([4]), foreign(type, [1])], {}, refused),
  ]),
]);

/** A Constant next to something that is fed, as a model of constants alone has nothing to do. */
function constantCase(
  opset: number,
  attributes: Readonly<Record<string, types.IAttributeProto>>,
  note: string,
) {
  const nodes = [
    node('Constant', [], ['c'], attributes),
    node('Cast', ['c'], ['d'], to('float32')),
    node('Add', ['x0', 'd'], ['y']),
  ];
  return opsetCase(opset, 'Constant', [f32([2, 1])], {}, { nodes, note });
}

const foreignTensor = (type: ForeignType): types.IAttributeProto => {
  const { code, dims, bytes } = foreign(type, [2]);
  return { type: 4, t: { dataType: code, dims: [...dims], rawData: Uint8Array.from(bytes) } };
};

const constantCases: readonly OpsetCase[] = [19, 21, 23].flatMap((opset) => [
  constantCase(opset, { value: t(tensorOf('int8', [3], [1, -2, 3])) }, 'value'),
  constantCase(opset, { value_floats: { type: 6, floats: [0.5, 2] } }, 'value_floats'),
  constantCase(opset, { value_int: i(7) }, 'value_int'),
  ...(foreignOf[opset] ?? []).map((type) => ({
    ...constantCase(opset, { value: foreignTensor(type) }, `value of ${type}`),
    ...refused,
  })),
]);

const fill = { value: t(tensorOf('bfloat16', [1], [0x3fc0])) };

// biome-ignore format: a table
const constantOfShapeCases: readonly OpsetCase[] = [
  opsetCase(20, 'ConstantOfShape', [ints(2, 3)], {}, {
    note: 'of bfloat16',
    nodes: [node('ConstantOfShape', ['x0'], ['b'], fill), node('Cast', ['b'], ['y'], to('float32'))],
  }),
  ...[20, 21, 23].flatMap((opset) => [
    opsetCase(opset, 'ConstantOfShape', [ints(2, 3)]),
    opsetCase(opset, 'ConstantOfShape', [ints(3)], { value: t(tensorOf('int16', [1], [-5])) }),
    opsetCase(opset, 'ConstantOfShape', [fixed(i64([0], []))], { value: t(tensorOf('bool', [1], [1])) }),
    ...(foreignOf[opset] ?? []).map((type) =>
      opsetCase(opset, 'ConstantOfShape', [ints(2)], { value: foreignTensor(type) }, { ...refused, note: type }),
    ),
  ]),
];

// biome-ignore format: a table
export const elementTypeCases: readonly OpsetCase[] = [
  ...castCases,
  ...constantCases,
  ...constantOfShapeCases,
  ...moving([19, 21, 23], 'Identity', [2, 3], []),
  ...moving([19, 21, 23], 'Reshape', [2, 3], [ints(3, -1)]),
  ...[19, 21, 23].map((opset) => opsetCase(opset, 'Reshape', [f32([0, 3]), ints(3, 0)], { allowzero: i(1) })),
  ...moving([19, 21, 23], 'Shape', [2, 3, 4], [], { start: i(-2), end: i(3) }),
  ...moving([19, 21, 23], 'Size', [2, 3], []),
  ...moving([21, 23], 'Flatten', [2, 3, 4], [], { axis: i(-1) }),
  ...moving([21, 23], 'Squeeze', [1, 3, 1], [ints(-1)]),
  ...moving([21, 23], 'Squeeze', [1, 2, 1], []),
  ...moving([21, 23], 'Transpose', [2, 3, 4], [], { perm: intList(2, 0, 1) }),
  ...moving([21, 23], 'Unsqueeze', [2, 3], [ints(0, -1)]),
  ...moving([21, 23], 'Pad', [2, 3], [ints(1, 0, 0, 2)]),
  ...[21, 23].map((opset) => opsetCase(opset, 'Pad', [f32([2, 3]), ints(2, -1), fixed(f32([], [9])), ints(1)])),
];
