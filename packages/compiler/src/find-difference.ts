/**
 * Which node is the first to differ: the target runs the optimised graph with the result of every node
 * as an output, the reference the model with the same values as outputs. Rewrites keep the name of
 * a value that they compute in another way, so that equal names mean equal contents.
 *
 * More outputs keep nodes from sharing kernels and memory. Where every node agrees then, the
 * difference is in what was shared, and that is what the answer says.
 */

import type { Graph, Node, Value } from '@whittle/ir';
import { exposeValues } from '@whittle/onnx';
import { compareTensors, type TensorComparison, type Tolerance } from './compare-tensors.js';
import type { Reference, Tensors } from './reference.js';

export type NodeDifference =
  | {
      readonly found: true;
      readonly op: string;
      readonly node: string;
      /** The name of the value that differs. */
      readonly value: string;
      readonly comparison: TensorComparison;
      /** How many values before it were compared and agree. */
      readonly agreeing: number;
    }
  | { readonly found: false; readonly reason: string };

export interface Search {
  readonly bytes: Uint8Array;
  /** The graph that the target runs. */
  readonly graph: Graph;
  readonly feeds: Tensors;
  readonly reference: Reference;
  readonly runTarget: (graph: Graph) => Promise<Tensors>;
  readonly tolerance: Tolerance;
}

/** Never rejects: what keeps it from an answer is the answer. */
export async function findDifference(search: Search): Promise<NodeDifference> {
  const { graph } = search;
  const shown = graph.nodes.flatMap((node) => valuesToShow(graph, node));
  try {
    const names = shown.map(({ value }) => value.name);
    const expected = await search.reference.run(exposeValues(search.bytes, names), search.feeds);
    const known = shown.filter(({ value }) => Object.hasOwn(expected, value.name));
    const actual = await search.runTarget(
      withOutputs(
        graph,
        known.map(({ value }) => value),
      ),
    );
    return firstDifference(known, actual, expected, search.tolerance);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { found: false, reason: `running with more outputs failed: ${message}` };
  }
}

interface Shown {
  readonly node: Node;
  readonly value: Value;
}

function valuesToShow(graph: Graph, node: Node): Shown[] {
  return node.outputs.flatMap((value) => {
    if (value?.type === undefined || value.type.dtype === 'string') return [];
    const isTaken = graph.outputs.some(
      (output) => output.name === value.name && output.value !== value,
    );
    return isTaken ? [] : [{ node, value }];
  });
}

function withOutputs(graph: Graph, values: readonly Value[]): Graph {
  const present = new Set(graph.outputs.map(({ name }) => name));
  const added = values.filter(({ name }) => !present.has(name));
  return {
    ...graph,
    outputs: [...graph.outputs, ...added.map((value) => ({ name: value.name, value }))],
  };
}

function firstDifference(
  known: readonly Shown[],
  actual: Tensors,
  expected: Tensors,
  tolerance: Tolerance,
): NodeDifference {
  for (const [agreeing, { node, value }] of known.entries()) {
    const [left, right] = [actual[value.name], expected[value.name]];
    if (left === undefined || right === undefined) continue;
    const comparison = compareTensors(left, right, tolerance);
    if (comparison.agrees) continue;
    const { op, name } = node;
    return { found: true, op, node: name, value: value.name, comparison, agreeing };
  }
  return {
    found: false,
    reason:
      `each of the ${known.length} values that both sides know agrees when it is an output, ` +
      'so the difference is in what shares kernels or memory otherwise',
  };
}
