/**
 * What a node costs, from the types of its inputs and outputs: multiply-adds of contractions, and
 * bytes. A cost is a dim, because shapes may be symbolic.
 */

import {
  type Dim,
  dtypes,
  floorDivDims,
  mulDims,
  type Node,
  optionalAttribute,
  productOfDims,
  separableStages,
  type Value,
} from '@whittle/ir';
import { sumDims, unlessTooLong } from './quantity.js';

/** Multiply-adds of each contraction, the ops whose trait is `anchor`; undefined for unknown types. */
export const macRules: Readonly<Record<string, (node: Node) => Dim | undefined>> = {
  // Each output element is a product over the filter's other dims: [out, in / group, …window].
  Conv: (node) => times(elementsOf(node.outputs[0]), elementsPerRow(node.inputs[1])),
  ConvInteger: (node) => times(elementsOf(node.outputs[0]), elementsPerRow(node.inputs[1])),
  QLinearConv: (node) => times(elementsOf(node.outputs[0]), elementsPerRow(node.inputs[3])),
  // Each input element is multiplied by its row of the filter: [in, out / group, …window].
  ConvTranspose: (node) => times(elementsOf(node.inputs[0]), elementsPerRow(node.inputs[1])),
  // [rows, inner] by [inner, columns], either side transposed.
  Gemm: (node) => {
    const transposed = optionalAttribute(node, 'transA', 'int') === 1;
    return times(elementsOf(node.outputs[0]), node.inputs[0]?.type?.dims[transposed ? 0 : 1]);
  },
  // Its stages, one after another.
  SeparableConv: (node) => sumDims(separableStages(node).inOrder.map(macsOf)),
  // […, rows, inner] by […, inner, columns].
  MatMul: (node) => times(elementsOf(node.outputs[0]), node.inputs[0]?.type?.dims.at(-1)),
  MatMulInteger: (node) => times(elementsOf(node.outputs[0]), node.inputs[0]?.type?.dims.at(-1)),
  QLinearMatMul: (node) => times(elementsOf(node.outputs[0]), node.inputs[0]?.type?.dims.at(-1)),
};

/** 0 for what is no contraction; undefined where the types are not known, or too long to multiply. */
export function macsOf(node: Node): Dim | undefined {
  const rule = Object.hasOwn(macRules, node.op) ? macRules[node.op] : undefined;
  return rule === undefined ? 0 : unlessTooLong(() => rule(node));
}

/** Bytes of a tensor; undefined where its type is not known, or too long to multiply. */
export function bytesOf(value: Value | undefined): Dim | undefined {
  const type = value?.type;
  if (type === undefined) return undefined;
  return unlessTooLong(() => mulDims(productOfDims(type.dims), dtypes[type.dtype].bytes));
}

/** Bytes of the constants that a node reads, each once. */
export function parameterBytesOf(node: Node): number {
  const constants = new Set(node.inputs.flatMap((input) => input?.constant ?? []));
  return [...constants].reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
}

function elementsOf(value: Value | undefined): Dim | undefined {
  return value?.type && productOfDims(value.type.dims);
}

function elementsPerRow(value: Value | undefined): Dim | undefined {
  const rows = value?.type?.dims[0];
  const elements = elementsOf(value);
  return rows === undefined || elements === undefined ? undefined : floorDivDims(elements, rows);
}

function times(a: Dim | undefined, b: Dim | undefined): Dim | undefined {
  return a === undefined || b === undefined ? undefined : mulDims(a, b);
}
