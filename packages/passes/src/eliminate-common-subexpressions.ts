/**
 * Computes equal expressions once.
 *
 *     %a = Relu(%x)
 *     %b = Relu(%x)
 *     %y = Add(%a, %b)
 *   →
 *     %a = Relu(%x)
 *     %y = Add(%a, %a)
 *
 * Each node gets a key that two nodes share exactly when they compute the same: op, attributes,
 * regions, and the identity of the inputs, where small constants count by content. One look-up a
 * node, so that the pass is linear. A region sees the nodes before it in the graphs around it.
 */

import { findOp, type Node, type Pass, type Scope, sweepGraph } from '@whittle/ir';
import { ValueNumbering } from './shared/value-numbering.js';

export const eliminateCommonSubexpressions: Pass = {
  id: 'eliminate-common-subexpressions',
  summary: 'Computes equal expressions once.',
  run: (graph) => {
    const numbering = new ValueNumbering();
    const known = new Map<Scope, Map<string, Node>>();
    return sweepGraph(graph, (node, { scope }) => {
      if (isNondeterministic(node)) return undefined;
      const key = numbering.keyOf(node);
      const original = find(known, scope, key);
      if (original !== undefined) return original.outputs;
      const inScope = known.get(scope);
      if (inScope) inScope.set(key, node);
      else known.set(scope, new Map([[key, node]]));
      return undefined;
    });
  },
};

function find(
  known: ReadonlyMap<Scope, ReadonlyMap<string, Node>>,
  scope: Scope,
  key: string,
): Node | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const node = known.get(at)?.get(key);
    if (node !== undefined) return node;
  }
  return undefined;
}

/**
 * An op that is not in the table may do anything, so it counts as nondeterministic. ONNX's own ops
 * with regions are not in the table either, but run nothing else and are as deterministic as they.
 */
function isNondeterministic(node: Node): boolean {
  const regions = Object.values(node.regions);
  const isControlFlow = regions.length > 0 && !node.op.includes('::');
  if (isControlFlow) return regions.some((region) => region.nodes.some(isNondeterministic));
  const record = findOp(node.op);
  return record === undefined || record.traits.nondeterministic === true;
}
