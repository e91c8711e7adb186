/**
 * Dropping nodes that no graph output depends on. Ops have no side effects, so a node whose outputs
 * nobody reads may go, a random one included.
 */

import { type Graph, mapRegions, type Node, type Value, valuesReadBy } from './graph.js';

/** The graph without dead nodes, regions included; the same object where all nodes are alive. */
export function removeDeadNodes(graph: Graph): Graph {
  const live = new Set<Value>(graph.outputs.map((output) => output.value));
  const kept: Node[] = [];
  let changed = false;
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i];
    if (node === undefined) continue;
    if (!node.outputs.some((output) => output !== undefined && live.has(output))) {
      changed = true;
      continue;
    }
    const pruned = pruneRegions(node);
    if (pruned !== node) changed = true;
    for (const value of valuesReadBy(pruned)) live.add(value);
    kept.push(pruned);
  }
  return changed ? { ...graph, nodes: kept.reverse() } : graph;
}

function pruneRegions(node: Node): Node {
  const regions = mapRegions(node.regions, removeDeadNodes);
  return regions === node.regions ? node : { ...node, regions };
}
