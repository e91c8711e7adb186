/** The parts of a node as plain numbers and arrays, each checked to be of a form that has a rule. */

import {
  elementCount,
  type Node,
  numbersOf,
  optionalAttribute,
  type Tensor,
  typedArrayOf,
  type Value,
} from '@whittle/ir';

export function clipBounds(node: Node): [number, number] {
  const bound = (index: number, absent: number) =>
    node.inputs[index] === undefined ? absent : (numbersAt(node, index)[0] ?? absent);
  return [bound(1, -Infinity), bound(2, Infinity)];
}

export function pairOf(node: Node, name: string): [number, number] {
  const [rows = 1, columns = 1] = optionalAttribute(node, name, 'ints') ?? [];
  return [rows, columns];
}

/** Top, left, bottom, right. */
export function padsOf(node: Node): [number, number, number, number] {
  return quadOf(optionalAttribute(node, 'pads', 'ints') ?? [0, 0, 0, 0]);
}

export function quadOf(dims: readonly number[]): [number, number, number, number] {
  const [a, b, c, d] = dims;
  if (a !== undefined && b !== undefined && c !== undefined && d !== undefined) return [a, b, c, d];
  throw new Error(
    `graphToTfjs takes two spatial axes; here are dims or pads [${dims.join(', ')}].`,
  );
}

export function floatsOf(tensor: Tensor): Float32Array {
  const data = typedArrayOf(tensor);
  if (data instanceof Float32Array && data.length === elementCount(tensor.dims)) return data;
  throw new Error(`graphToTfjs takes weights of float32, not ${tensor.dtype}.`);
}

export function numbersAt(node: Node, index: number): number[] {
  return numbersOf(constantAt(node, index));
}

export function constantAt(node: Node, index: number): Tensor {
  const constant = node.inputs[index]?.constant;
  if (constant === undefined) throw unsupported(node, `an input ${index} that is no constant`);
  return constant;
}

export function inputAt(node: Node, index: number): Value {
  const value = node.inputs[index];
  if (value === undefined || value.constant) throw unsupported(node, `no activation ${index}`);
  return value;
}

export function outputOf(node: Node): Value {
  const [output] = node.outputs;
  if (output === undefined) throw unsupported(node, 'no output');
  return output;
}

export function unsupported(node: Node, what: string): Error {
  return new Error(`graphToTfjs has no rule for ${node.op} with ${what}.`);
}
