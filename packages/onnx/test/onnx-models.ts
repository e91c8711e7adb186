/** Small ONNX models, written field by field, for tests. */

import { type DType, type Tensor, tensorOf } from '@whittle/ir';
import onnxProto, { type onnx as types } from 'onnx-proto';
import { dataTypeOf } from '../src/data-type.js';
import { tensorProto, valueInfo } from '../src/export/tensor-type-proto.js';

export const { onnx } = onnxProto;

export interface ModelSpec {
  readonly opset?: number;
  readonly irVersion?: number;
  readonly inputs?: readonly types.IValueInfoProto[];
  readonly outputs: readonly (string | types.IValueInfoProto)[];
  readonly initializers?: Readonly<Record<string, Tensor>>;
  readonly nodes: readonly types.INodeProto[];
  readonly extra?: types.IModelProto;
}

export function graphOf(spec: Omit<ModelSpec, 'opset' | 'irVersion' | 'extra'>): types.IGraphProto {
  return {
    name: 'g',
    node: [...spec.nodes],
    input: [...(spec.inputs ?? [])],
    output: spec.outputs.map((output) => (typeof output === 'string' ? { name: output } : output)),
    initializer: Object.entries(spec.initializers ?? {}).map(([name, tensor]) =>
      tensorProto(tensor, name),
    ),
  };
}

export function modelBytes(spec: ModelSpec): Uint8Array {
  return encode({
    irVersion: spec.irVersion ?? 7,
    opsetImport: [{ domain: '', version: spec.opset ?? 18 }],
    graph: graphOf(spec),
    ...spec.extra,
  });
}

function encode(model: types.IModelProto): Uint8Array {
  return Uint8Array.from(onnx.ModelProto.encode(model).finish());
}

export function input(
  name: string,
  dims: readonly (number | string)[],
  dtype: DType = 'float32',
): types.IValueInfoProto {
  const dim = dims.map((size) =>
    typeof size === 'string' ? { dimParam: size } : { dimValue: size },
  );
  return { name, type: { tensorType: { elemType: dataTypeOf(dtype), shape: { dim } } } };
}

/** An output of a type that matters only to engines that insist on one. */
export function output(name: string, rank: number, dtype: DType = 'float32') {
  const info = valueInfo(name, { dtype, dims: [] });
  const dim = Array.from({ length: rank }, () => ({}));
  return { ...info, type: { tensorType: { elemType: dataTypeOf(dtype), shape: { dim } } } };
}

export function node(
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, types.IAttributeProto>> = {},
  domain = '',
): types.INodeProto {
  return {
    opType,
    domain,
    input: [...inputs],
    output: [...outputs],
    attribute: Object.entries(attributes).map(([name, value]) => ({ ...value, name })),
  };
}

export const f = (value: number): types.IAttributeProto => ({ type: 1, f: value });
export const i = (value: number): types.IAttributeProto => ({ type: 2, i: value });
export const s = (value: string): types.IAttributeProto => ({
  type: 3,
  s: new TextEncoder().encode(value),
});
export const t = (value: Tensor): types.IAttributeProto => ({ type: 4, t: tensorProto(value) });
export const g = (value: types.IGraphProto): types.IAttributeProto => ({ type: 5, g: value });
export const floats = (...values: number[]): types.IAttributeProto => ({ type: 6, floats: values });
export const ints = (...values: number[]): types.IAttributeProto => ({ type: 7, ints: values });

export const f32 = (dims: readonly number[], values: readonly number[]) =>
  tensorOf('float32', dims, values);

/** A model of one Relu, the smallest that is whole. */
export function tinyModel(): Uint8Array {
  return modelBytes({
    inputs: [input('x', [2, 'n'])],
    outputs: [output('y', 2)],
    initializers: { w: f32([2, 1], [1, -1]) },
    nodes: [node('Mul', ['x', 'w'], ['m']), node('Relu', ['m'], ['y'])],
  });
}
