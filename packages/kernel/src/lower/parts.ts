/**
 * Parts: values that are computed inside the value assembled from them, so that a concatenation runs
 * no code for them.
 */

import {
  CompilerError,
  type Graph,
  type GraphUses,
  type Node,
  traitsOf,
  type Value,
} from '@whittle/ir';
import type { View } from '../view.js';
import { boundDims, elementContext, requireOutput } from './element-context.js';
import { haloContains, haloOfPart } from './layout.js';
import type { Halo } from './rule.js';
import { ruleOf } from './table.js';

/** The value that another is part of, and the node that assembles it. */
export interface Parent {
  readonly node: Node;
  readonly whole: Value;
  readonly input: number;
}

/** Backward, so that a part of a part finds its place in the largest whole. */
export function chooseParents(
  graph: Graph,
  uses: GraphUses,
  haloOf: (value: Value) => Halo | undefined,
): ReadonlyMap<Value, Parent> {
  const parents = new Map<Value, Parent>();
  for (const node of [...graph.nodes].reverse()) {
    if (ruleOf(node.op).parts === undefined) continue;
    const whole = requireOutput(node, 0);
    const repeated = repeatedIn(node.inputs);
    node.inputs.forEach((value, input) => {
      if (value === undefined || parents.has(value) || uses.isOutput(value)) return;
      const producer = uses.producerOf(value);
      if (producer === undefined || traitsOf(producer.op).fusion === 'view') return;
      if (repeated.has(value)) return;
      if (!haloContains(haloOf(whole), haloOf(value))) return;
      parents.set(value, { node, whole, input });
    });
  }
  return parents;
}

/** What comes more than once. */
function repeatedIn<T>(list: readonly T[]): ReadonlySet<T> {
  const seen = new Set<T>();
  const repeated = new Set<T>();
  for (const item of list) {
    if (seen.has(item)) repeated.add(item);
    seen.add(item);
  }
  return repeated;
}

/**
 * The value and all that it is part of and has no memory yet, the largest first: then each finds its
 * place in the one before.
 */
export function wholesAround(
  value: Value,
  parents: ReadonlyMap<Value, Parent>,
  views: ReadonlyMap<Value, View>,
): Value[] {
  const wholes: Value[] = [];
  for (let next: Value | undefined = value; next && !views.has(next); ) {
    wholes.push(next);
    next = parents.get(next)?.whole;
  }
  return wholes.reverse();
}

/** Gives the view of a part; the parts of one whole are worked out together, once. */
export function partViews(): (parent: Parent, whole: View) => View {
  const known = new Map<Node, readonly View[]>();
  return ({ node, input }, whole) => {
    const fail = (): never => {
      throw new CompilerError('E_INTERNAL', `${node.op} gives no place to its input ${input}.`);
    };
    const views = known.get(node) ?? ruleOf(node.op).parts?.(elementContext(node, fail), whole);
    if (views !== undefined) known.set(node, views);
    return views?.[input] ?? fail();
  };
}

export function sharedHalo(
  whole: Value,
  part: Value,
  halos: ReadonlyMap<Value, Halo>,
): Halo | undefined {
  const halo = halos.get(whole);
  return halo && haloOfPart(halo, boundDims(whole), boundDims(part));
}
