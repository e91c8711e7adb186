/** Counting what a graph consists of. */

import { constantsOf, elementCount, type Graph } from '@whittle/ir';
import { macsOf } from './node-costs.js';
import { type Quantity, quantity, sumDims } from './quantity.js';

export interface GraphSummary {
  /** Nodes, those in regions included. */
  readonly nodes: number;
  /** How many nodes of each op there are; the most frequent first, equal counts by name. */
  readonly ops: Readonly<Record<string, number>>;
  /** Elements of all constants. */
  readonly parameters: number;
  /** Bytes of all constants. */
  readonly parameterBytes: number;
  /** Multiply-adds of one run, in contractions; those in regions not included. */
  readonly macs: Quantity;
}

export function summarizeGraph(graph: Graph): GraphSummary {
  const counts = new Map<string, number>();
  countOps(graph, counts);
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  let parameters = 0;
  let parameterBytes = 0;
  for (const { constant } of constantsOf(graph)) {
    if (constant === undefined) continue;
    parameters += elementCount(constant.dims);
    parameterBytes += constant.bytes.byteLength;
  }
  return {
    nodes: sorted.reduce((sum, [, count]) => sum + count, 0),
    ops: Object.fromEntries(sorted),
    parameters,
    parameterBytes,
    macs: macsOfGraph(graph),
  };
}

export function macsOfGraph(graph: Graph): Quantity {
  return quantity(sumDims(graph.nodes.map(macsOf)));
}

/** The importer limits how deep regions nest. */
function countOps(graph: Graph, counts: Map<string, number>): void {
  for (const node of graph.nodes) {
    counts.set(node.op, (counts.get(node.op) ?? 0) + 1);
    for (const region of Object.values(node.regions)) countOps(region, counts);
  }
}
