/**
 * Parts: values that are computed inside the memory of another, their *whole*, so that nothing runs
 * where the two meet. What a concatenation joins are parts of its result. What a view op reads is a
 * part of that op's result, the view turned round, where the result is not to be a view: because
 * strides cannot say it, because its readers want other memory, or because it is a part itself.
 */

import type { Graph, Node, Value } from '@whittle/ir';
import type { View } from '../view.js';
import { contextWithoutOperands, requireInput, requireOutput } from './element-context.js';
import { satisfies } from './layout.js';
import { type HaloedView, isViewEnough, memoryOf, type Prospects } from './prospects.js';
import { haloThrough, hasWholeHalo } from './shared-axes.js';
import { ruleOf } from './table.js';

/** The value that another is part of, and the node where they meet. */
export interface Parent {
  readonly node: Node;
  readonly whole: Value;
  /** Where the part lies in the whole; undefined where strides cannot say it. */
  readonly viewIn: (whole: View) => View | undefined;
}

/** Backward, so that a part of a part finds its place in the largest whole. */
export function chooseParents(graph: Graph, prospects: Prospects): ReadonlyMap<Value, Parent> {
  const parents = new Map<Value, Parent>();
  const planned = new Map<Value, HaloedView>();
  for (const node of [...graph.nodes].reverse()) {
    const parts = partsAt(node);
    const [whole] = node.outputs;
    if (parts.length === 0 || whole === undefined) continue;
    const around = planned.get(whole) ?? memoryOf(whole, prospects);
    for (const [value, parent] of parts) {
      if (parents.has(value)) continue;
      const chain = chainInside(value, parent, around, prospects);
      if (chain?.some((part) => parents.has(part.value))) continue;
      for (const part of chain ?? []) {
        parents.set(part.value, part.parent);
        planned.set(part.value, part.memory);
      }
    }
  }
  return parents;
}

/** The values that could be parts of a node's output. */
function partsAt(node: Node): [value: Value, parent: Parent][] {
  const { parts, inverse } = ruleOf(node.op);
  if (inverse !== undefined) return [[requireInput(node, 0), parentByView(node)]];
  if (parts === undefined) return [];
  const whole = requireOutput(node, 0);
  // There may be thousands of parts: they are worked out together.
  let known: { readonly whole: View; readonly views: readonly View[] } | undefined;
  const viewsIn = (view: View): readonly View[] => {
    if (known?.whole !== view) {
      known = { whole: view, views: parts(contextWithoutOperands(node), view) };
    }
    return known.views;
  };
  const repeated = repeatedIn(node.inputs);
  return node.inputs.flatMap((value, input): [Value, Parent][] => {
    if (value === undefined || repeated.has(value)) return [];
    return [[value, { node, whole, viewIn: (view) => viewsIn(view)[input] }]];
  });
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

function parentByView(node: Node): Parent {
  const { inverse } = ruleOf(node.op);
  return {
    node,
    whole: requireOutput(node, 0),
    viewIn: (view) => inverse?.(contextWithoutOperands(node), view),
  };
}

interface Part {
  readonly value: Value;
  readonly parent: Parent;
  readonly memory: HaloedView;
}

/**
 * A value and, if view ops make it, what they view, down to the value that is computed: each as a
 * part of the one before. Undefined where that cannot be or is not worth it.
 */
function chainInside(
  first: Value,
  parent: Parent,
  around: HaloedView,
  prospects: Prospects,
): readonly Part[] | undefined {
  const { uses } = prospects;
  const chain: Part[] = [];
  for (let next = { value: first, parent, around }; chain.length < longestChain; ) {
    const { value } = next;
    const memory = memoryInside(next.around, next.parent);
    const producer = uses.producerOf(value);
    if (memory === undefined || producer === undefined || uses.isOutput(value)) return undefined;
    if (
      !prospects.demandsOn(value).every((demand) => satisfies(memory.view, memory.halo, demand))
    ) {
      return undefined;
    }
    chain.push({ value, parent: next.parent, memory });
    const { view, inverse } = ruleOf(producer.op);
    if (view === undefined) return isWorthIt(chain, prospects) ? chain : undefined;
    if (inverse === undefined) return undefined;
    next = { value: requireInput(producer, 0), parent: parentByView(producer), around: memory };
  }
  return undefined;
}

const longestChain = 8;

/** Memory inside a whole; undefined where strides cannot say it, or nobody would fill the whole's halo. */
function memoryInside(
  { view: whole, halo }: HaloedView,
  { node, viewIn }: Parent,
): HaloedView | undefined {
  const view = viewIn(whole);
  if (view === undefined || halo === undefined) return view && { view, halo };
  // A concatenation fills what lies before its first and behind its last part.
  if (ruleOf(node.op).parts === undefined && !hasWholeHalo(whole, halo, view)) return undefined;
  return { view, halo: haloThrough(whole, halo, view) };
}

/** Where a view serves its readers it is as good, and its input lies as it likes. */
function isWorthIt([first]: readonly Part[], prospects: Prospects): boolean {
  const node = first?.parent.node;
  if (node === undefined || ruleOf(node.op).parts !== undefined) return true;
  return !isViewEnough(node, prospects);
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
