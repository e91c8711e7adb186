/**
 * What only Whittle says, written as ONNX nodes: the fused epilogue of contractions (a residual,
 * then an activation) and Whittle's own ops.
 */

import {
  type AttributeLiterals,
  activationParameters,
  type Node,
  optionalAttribute,
  separableStages,
  traitsOf,
  type Value,
} from '@whittle/ir';
import { scalarTensor } from '../scalar-tensor.js';
import { siluBySigmoid } from './composed-forms.js';
import { constantOf, intermediate, nodeFor, withoutAttributes } from './form.js';
import { recurrenceAsCell } from './recurrence-rule.js';

/** The nodes of ONNX that compute what `node` does, in order. */
export function expandFused(node: Node): readonly Node[] {
  const own = ownOps.get(node.op);
  if (own !== undefined) return own(node);
  // Ops of other domains may have an `activation` of their own.
  if (traitsOf(node.op).epilogue !== true) return [node];
  const residual = node.op === 'Conv' ? node.inputs[residualInput] : undefined;
  const activation = optionalAttribute(node, 'activation', 'string');
  if (residual === undefined && activation === undefined) return [node];
  return expandEpilogue(node, residual, activation);
}

const residualInput = 3;

/** How each op that ONNX does not know is written in those it does. */
export const ownOps: ReadonlyMap<string, (node: Node) => readonly Node[]> = new Map([
  ['SeparableConv', (node) => separableStages(node).inOrder.flatMap(expandFused)],
  ['Silu', siluBySigmoid],
  ['Recurrence', recurrenceAsCell],
]);

function expandEpilogue(
  node: Node,
  residual: Value | undefined,
  activation: string | undefined,
): readonly Node[] {
  const [output] = node.outputs;
  const stem = output?.name ?? node.op;
  const bare = withoutAttributes(node, 'activation', 'activation_params');
  const nodes: Node[] = [];
  let result: Value | undefined = intermediate(`${stem}_${node.op}`, output?.type);
  const inputs =
    residual === undefined ? bare.inputs : trimmed(bare.inputs.slice(0, residualInput));
  nodes.push({ ...bare, inputs, outputs: [result] });
  if (residual !== undefined) {
    const sum = activation === undefined ? output : intermediate(`${stem}_Add`, output?.type);
    nodes.push(nodeFor(node, 'Add', [result, residual], sum));
    result = sum;
  }
  if (activation !== undefined) nodes.push(...activationNodes(node, activation, result, output));
  return nodes;
}

function activationNodes(
  node: Node,
  activation: string,
  input: Value | undefined,
  output: Value | undefined,
): readonly Node[] {
  const numbers = optionalAttribute(node, 'activation_params', 'floats') ?? [];
  if (activation === 'Clip') {
    const dtype = output?.type?.dtype ?? 'float32';
    const bounds = numbers.map((number, i) =>
      constantOf(`${output?.name ?? ''}_${i === 0 ? 'min' : 'max'}`, scalarTensor(dtype, number)),
    );
    return [nodeFor(node, 'Clip', [input, ...bounds], output)];
  }
  const names = activationParameters.get(activation) ?? [];
  const attributes: AttributeLiterals = Object.fromEntries(
    names.map((name, i) => [name, numbers[i]]),
  );
  return expandFused(nodeFor(node, activation, [input], output, attributes));
}

function trimmed(inputs: readonly (Value | undefined)[]): readonly (Value | undefined)[] {
  return inputs.slice(0, inputs.findLastIndex((input) => input !== undefined) + 1);
}
