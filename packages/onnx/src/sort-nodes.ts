/**
 * The nodes of a graph in an order that defines before it uses. ONNX demands that order of a file
 * and some exporters break it; a file that keeps it comes out as it went in. Iterative, and linear
 * in the names that nodes read.
 */

import { CompilerError } from '@whittle/ir';
import type { onnx } from 'onnx-proto';
import { quoted } from './quoted.js';

/**
 * A depth-first walk over what each node reads, with a stack of its own.
 * @throws {CompilerError} `E_INVALID_MODEL` where two nodes define one name, or nodes read each
 *   other in a circle.
 */
export function sortNodes(nodes: readonly onnx.INodeProto[]): onnx.INodeProto[] {
  const producers = indexProducers(nodes);
  const readsOf = nodes.map((node) => namesReadBy(node));
  const state = new Uint8Array(nodes.length);
  const sorted: onnx.INodeProto[] = [];
  for (let root = 0; root < nodes.length; root++) {
    if (state[root] !== unvisited) continue;
    state[root] = open;
    const stack: Visit[] = [{ index: root, reads: readsOf[root] ?? [], next: 0 }];
    for (let visit = stack.at(-1); visit !== undefined; visit = stack.at(-1)) {
      const name = visit.reads[visit.next++];
      if (name === undefined) {
        stack.pop();
        state[visit.index] = done;
        const node = nodes[visit.index];
        if (node !== undefined) sorted.push(node);
        continue;
      }
      const producer = producers.get(name);
      if (producer === undefined || state[producer] === done) continue;
      if (state[producer] === open) throw cycle(nodes[producer], name);
      state[producer] = open;
      stack.push({ index: producer, reads: readsOf[producer] ?? [], next: 0 });
    }
  }
  return sorted;
}

interface Visit {
  readonly index: number;
  readonly reads: readonly string[];
  next: number;
}

const unvisited = 0;
const open = 1;
const done = 2;

/** The names that a node reads from the graph it stands in, those that its subgraphs read included. */
export function namesReadBy(node: onnx.INodeProto): readonly string[] {
  const names = node.input ?? [];
  const graphs = graphsOf(node);
  if (graphs.length === 0) return names;
  return [...names, ...graphs.flatMap((graph) => [...namesCapturedBy(graph)])];
}

/** Subgraphs nest no deeper than the wire scan let through, so this may recurse. */
function namesCapturedBy(graph: onnx.IGraphProto): Set<string> {
  const read = new Set<string>();
  const defined = new Set<string>();
  for (const input of graph.input ?? []) defined.add(input.name ?? '');
  for (const tensor of graph.initializer ?? []) defined.add(tensor.name ?? '');
  for (const node of graph.node ?? []) {
    for (const name of namesReadBy(node)) read.add(name);
    for (const name of node.output ?? []) defined.add(name);
  }
  for (const output of graph.output ?? []) read.add(output.name ?? '');
  for (const name of defined) read.delete(name);
  return read;
}

function graphsOf(node: onnx.INodeProto): onnx.IGraphProto[] {
  return (node.attribute ?? []).flatMap(({ g }) => (g ? [g] : []));
}

function indexProducers(nodes: readonly onnx.INodeProto[]): Map<string, number> {
  const producers = new Map<string, number>();
  for (const [index, node] of nodes.entries()) {
    for (const name of node.output ?? []) {
      if (name === '') continue;
      if (producers.has(name)) {
        throw new CompilerError('E_INVALID_MODEL', `Two nodes define ${quoted(name)}.`, {
          where: { node: node.name ?? '', op: node.opType ?? '', tensor: name },
        });
      }
      producers.set(name, index);
    }
  }
  return producers;
}

function cycle(node: onnx.INodeProto | undefined, name: string): CompilerError {
  const op = node?.opType ?? '';
  const label = node?.name || name;
  return new CompilerError(
    'E_INVALID_MODEL',
    `Nodes read each other in a circle, through ${op} ${quoted(label)}.`,
    { where: { node: node?.name ?? '', op, tensor: name } },
  );
}
