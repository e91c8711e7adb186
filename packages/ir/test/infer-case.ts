/** Nodes written in short, for tables of inference cases. */

import {
  type AttributeLiterals,
  createNode,
  dtypeFromShort,
  formatType,
  int64Tensor,
  type Node,
  parseDim,
  type TensorType,
  tensorOf,
  type Value,
} from '../src/index.js';

/**
 * An input: a type as text, `f32[batch,3]`; a list for a constant 1-d int64; a number for a 0-d one;
 * a value as it is; or undefined for one that is left out.
 */
export type Input = string | readonly number[] | number | Value | undefined;

export function inferNode(
  op: string,
  inputs: readonly Input[],
  attributes: AttributeLiterals = {},
  outputCount = 1,
): Node {
  return createNode({
    op,
    name: 'under_test',
    inputs: inputs.map(inputValue),
    attributes,
    outputs: Array.from({ length: outputCount }, (_, i) => `y${i}`),
  });
}

/** The types of the outputs as text; `?` for one that cannot be inferred. */
export function typesOf(node: Node): string {
  return node.outputs.map((output) => (output?.type ? formatType(output.type) : '?')).join(' ');
}

export function typeFrom(text: string): TensorType {
  const [, short = '', list = ''] = /^(\w+)\[(.*)\]$/.exec(text) ?? [];
  const dtype = dtypeFromShort(short);
  if (dtype === undefined) throw new Error(`No type: ${text}`);
  return { dtype, dims: list === '' ? [] : list.split(',').map(parseDim) };
}

export function floats(...values: number[]): Value {
  return constantValue(tensorOf('float32', [values.length], values));
}

export function constantValue(constant: NonNullable<Value['constant']>): Value {
  const { dtype, dims } = constant;
  return { name: 'constant', type: { dtype, dims }, constant };
}

function inputValue(input: Input, index: number): Value | undefined {
  if (input === undefined) return undefined;
  if (typeof input === 'string') return { name: `x${index}`, type: typeFrom(input) };
  if (typeof input === 'number') return constantValue(tensorOf('int64', [], [input]));
  return 'name' in input ? input : constantValue(int64Tensor(input));
}
