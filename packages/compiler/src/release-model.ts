/**
 * Lets go of the model's file. Imported weights are views into it, so that one bias that no pass has
 * touched keeps all of it in memory; once passes have made new weights of most of them, copying
 * the rest costs less than keeping the file.
 */

import {
  type Attribute,
  constantsOf,
  type Graph,
  type Node,
  type Tensor,
  type Value,
} from '@whittle/ir';

/** The graph over copies of what still lies in `file`, or the same graph where that is most of it. */
export function releaseModel(graph: Graph, file: Uint8Array): Graph {
  const shared = constantsOf(graph).filter(({ constant }) => constant && liesIn(constant, file));
  const bytes = shared.reduce((sum, { constant }) => sum + (constant?.bytes.byteLength ?? 0), 0);
  if (bytes > file.byteLength / 2) return graph;
  const copies = new Map(shared.map((value) => [value, withOwnConstant(value)]));
  return overCopies(graph, (value) => copies.get(value) ?? value, file);
}

function overCopies(graph: Graph, copyOf: (value: Value) => Value, file: Uint8Array): Graph {
  return {
    ...graph,
    nodes: graph.nodes.map((node) => nodeOverCopies(node, copyOf, file)),
    outputs: graph.outputs.map(({ name, value }) => ({ name, value: copyOf(value) })),
  };
}

function nodeOverCopies(node: Node, copyOf: (value: Value) => Value, file: Uint8Array): Node {
  const attributes = Object.entries(node.attributes).map(
    ([name, attribute]) => [name, ownAttribute(attribute, file)] as const,
  );
  const regions = Object.entries(node.regions).map(
    ([name, region]) => [name, overCopies(region, copyOf, file)] as const,
  );
  return {
    ...node,
    inputs: node.inputs.map((input) => input && copyOf(input)),
    attributes: Object.fromEntries(attributes),
    regions: Object.fromEntries(regions),
  };
}

function withOwnConstant(value: Value): Value {
  return value.constant === undefined ? value : { ...value, constant: ownTensor(value.constant) };
}

function ownAttribute(attribute: Attribute, file: Uint8Array): Attribute {
  if (attribute.kind !== 'tensor' || !liesIn(attribute.value, file)) return attribute;
  return { kind: 'tensor', value: ownTensor(attribute.value) };
}

function ownTensor(tensor: Tensor): Tensor {
  return { ...tensor, bytes: new Uint8Array(tensor.bytes) };
}

function liesIn({ bytes }: Tensor, file: Uint8Array): boolean {
  return bytes.buffer === file.buffer;
}
