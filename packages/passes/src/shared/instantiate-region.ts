/** Copies of regions: their nodes written anew over other values, under names of their own. */

import { createNode, type Graph, type Node, type Rewriter, type Value } from '@whittle/ir';

/** What stands for a value in a copy; a value that is not there stands for itself. */
type Copies = Map<Value, Value>;

/** Writes the nodes of `region` before the root, its inputs being `inputs`, and gives its outputs. */
export function instantiateRegion(
  rewriter: Rewriter,
  region: Graph,
  inputs: readonly (Value | undefined)[],
): readonly Value[] {
  const copies: Copies = new Map();
  region.inputs.forEach((formal, i) => {
    const actual = inputs[i];
    if (actual) copies.set(formal, actual);
  });
  for (const node of region.nodes) {
    const outputs = node.outputs.map((output) => output?.name);
    const regions = copyRegions(node, copies, rewriter);
    const copied = node.inputs.map((input) => input && copyOf(input, copies));
    const options = { name: node.name, outputs, regions };
    noteCopy(node, rewriter.node(node.op, copied, node.attributes, options), copies);
  }
  return region.outputs.map(({ value }) => copyOf(value, copies));
}

/** The nodes of a region, and its outputs, for a region that is being put together. */
export function copyBody(
  { nodes, outputs }: Graph,
  copies: Copies,
  rewriter: Pick<Rewriter, 'freshName'>,
): Pick<Graph, 'nodes' | 'outputs'> {
  return {
    nodes: nodes.map((node) => copyNode(node, copies, rewriter)),
    outputs: outputs.map(({ name, value }) => ({ name, value: copyOf(value, copies) })),
  };
}

function copyNode(node: Node, copies: Copies, rewriter: Pick<Rewriter, 'freshName'>): Node {
  const copy = createNode({
    op: node.op,
    name: node.name,
    inputs: node.inputs.map((input) => input && copyOf(input, copies)),
    attributes: node.attributes,
    regions: copyRegions(node, copies, rewriter),
    outputs: node.outputs.map((output) => output && rewriter.freshName(output.name)),
  });
  noteCopy(node, copy, copies);
  return copy;
}

function copyRegions(
  { regions }: Node,
  copies: Copies,
  rewriter: Pick<Rewriter, 'freshName'>,
): Node['regions'] {
  const entries = Object.entries(regions).map(([name, region]): [string, Graph] => {
    const inputs = region.inputs.map((input): Value => {
      const copy = { name: rewriter.freshName(input.name), type: input.type };
      copies.set(input, copy);
      return copy;
    });
    return [name, { ...region, inputs, ...copyBody(region, copies, rewriter) }];
  });
  return Object.fromEntries(entries);
}

function noteCopy(node: Node, copy: Node, copies: Copies): void {
  node.outputs.forEach((output, i) => {
    const copied = copy.outputs[i];
    if (output && copied) copies.set(output, copied);
  });
}

function copyOf(value: Value, copies: Copies): Value {
  return copies.get(value) ?? value;
}
