/**
 * Computes nodes whose inputs are all constants, with the evaluator that the context hands in.
 *
 *     const %a: f32[2] = [1, 2]
 *     const %b: f32[2] = [3, 4]
 *     %c = Add(%a, %b)
 *   →
 *     const %c: f32[2] = [4, 6]
 *
 * A model may ask for anything, so there are budgets: a node stays when its results are larger than
 * its inputs by more than 1 MB (`ConstantOfShape`, `Expand`, `Tile` of a few bytes), or when
 * computing them takes too long for a compiler.
 */

import {
  allBound,
  dtypes,
  elementCount,
  type Node,
  optionalAttribute,
  type Pass,
  sweepGraph,
  traitsOf,
  type Value,
} from '@whittle/ir';

const maxBytesBeyondInputs = 1 << 20;
/** Multiplications and the like, some seconds of an interpreter. */
const maxWork = 1 << 26;

export const foldConstants: Pass = {
  id: 'fold-constants',
  summary: 'Computes what depends on constants only, within a budget of bytes and work.',
  run: (graph, { evaluate }) => {
    if (evaluate === undefined) return graph;
    return sweepGraph(graph, (node, rewriter) => {
      if (!isConstantExpression(node) || !isWithinBudget(node)) return undefined;
      const inputs = node.inputs.map((input) => input?.constant);
      const results = evaluate(node, inputs);
      if (!results || !node.outputs.every((output, i) => !output || results[i])) return undefined;
      return node.outputs.map((output, i) => {
        const tensor = results[i];
        return output && tensor && rewriter.constant(tensor, output.name);
      });
    });
  },
};

function isConstantExpression(node: Node): boolean {
  if (traitsOf(node.op).nondeterministic || Object.keys(node.regions).length > 0) return false;
  return node.inputs.every((input) => input === undefined || input.constant !== undefined);
}

function isWithinBudget(node: Node): boolean {
  let outputBytes = 0;
  let outputElements = 0;
  for (const output of node.outputs) {
    if (output === undefined) continue;
    const { type } = output;
    if (type === undefined || !allBound(type.dims)) return false;
    const elements = elementCount(type.dims);
    outputElements += elements;
    outputBytes += elements * dtypes[type.dtype].bytes;
  }
  const inputBytes = node.inputs.reduce((sum, input) => sum + byteLength(input), 0);
  return (
    outputBytes <= inputBytes + maxBytesBeyondInputs && workOf(node, outputElements) <= maxWork
  );
}

/** An upper bound of the steps it takes, rough where windows or products are concerned. */
function workOf(node: Node, outputElements: number): number {
  const inputElements = node.inputs.map((input) => elementCount(input?.constant?.dims ?? [0]));
  const largest = Math.max(0, ...inputElements);
  const window = optionalAttribute(node, 'kernel_shape', 'ints');
  if (traitsOf(node.op).fusion === 'anchor') return outputElements * largest;
  return largest + outputElements * (window ? elementCount(window) : 1);
}

function byteLength(value: Value | undefined): number {
  return value?.constant?.bytes.byteLength ?? 0;
}
