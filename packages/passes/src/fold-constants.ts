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
 * computing them takes too long for a compiler. All nodes together have a budget of each kind, too,
 * since a model may have many such nodes.
 */

import {
  allBound,
  dtypes,
  elementCount,
  inferMostDims,
  type Node,
  optionalAttribute,
  type Pass,
  sweepGraph,
  traitsOf,
} from '@whittle/ir';
import { moveConstant } from './shared/move-constant.js';

/** What folding may cost, of one node or of all. */
interface Cost {
  readonly bytesBeyondInputs: number;
  /** Multiplications and the like. */
  readonly work: number;
}

/** The work is some seconds of an interpreter. */
const maxOfNode: Cost = { bytesBeyondInputs: 1 << 20, work: 1 << 26 };
const maxOfGraph: Cost = { bytesBeyondInputs: 1 << 26, work: 1 << 28 };

export const foldConstants: Pass = {
  id: 'fold-constants',
  summary: 'Computes what depends on constants only, within a budget of bytes and work.',
  run: (graph, { evaluate }) => {
    if (evaluate === undefined) return graph;
    let spent: Cost = { bytesBeyondInputs: 0, work: 0 };
    return sweepGraph(graph, (node, rewriter) => {
      if (!isConstantExpression(node)) return undefined;
      const cost = costOf(node);
      if (cost === undefined || !isWithin(cost, maxOfNode)) return undefined;
      const total = sumOf(spent, cost);
      if (!isWithin(total, maxOfGraph)) return undefined;
      spent = total;
      const inputs = node.inputs.map((input) => input?.constant);
      const moved = moveConstant(node);
      const results = moved ? [moved] : evaluate(node, inputs);
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

/** Undefined where it is not known. A constant that a node reads twice is there only once. */
function costOf(node: Node): Cost | undefined {
  let outputBytes = 0;
  let outputElements = 0;
  for (const [i, output] of node.outputs.entries()) {
    if (output === undefined) continue;
    const { type } = output;
    const dims = type && (allBound(type.dims) ? type.dims : inferMostDims(node)?.[i]);
    if (type === undefined || dims === undefined || !allBound(dims)) return undefined;
    const elements = elementCount(dims);
    outputElements += elements;
    outputBytes += elements * dtypes[type.dtype].bytes;
  }
  let inputBytes = 0;
  for (const input of new Set(node.inputs)) inputBytes += input?.constant?.bytes.byteLength ?? 0;
  return {
    bytesBeyondInputs: Math.max(0, outputBytes - inputBytes),
    work: workOf(node, outputElements),
  };
}

function sumOf(a: Cost, b: Cost): Cost {
  return { bytesBeyondInputs: a.bytesBeyondInputs + b.bytesBeyondInputs, work: a.work + b.work };
}

function isWithin(cost: Cost, limit: Cost): boolean {
  return cost.bytesBeyondInputs <= limit.bytesBeyondInputs && cost.work <= limit.work;
}

/** An upper bound of the steps it takes, rough where windows or products are concerned. */
function workOf(node: Node, outputElements: number): number {
  let largest = 0;
  for (const input of node.inputs) {
    largest = Math.max(largest, elementCount(input?.constant?.dims ?? [0]));
  }
  const window = optionalAttribute(node, 'kernel_shape', 'ints');
  if (traitsOf(node.op).fusion === 'anchor') return outputElements * largest;
  return largest + outputElements * (window ? elementCount(window) : 1);
}
