/**
 * One forward pass over a graph that offers each node to a visitor and puts what the visitor builds
 * in the node's place. Readers further down see the replacement through a substitution map, so that
 * a sweep is near linear however many nodes it replaces. The base of rewrite rules, of constant
 * folding and of every other pass that looks at one node at a time.
 */

import { type Graph, mapRegions, type Node, type Output, type Value } from './graph.js';
import { UniqueNames } from './names.js';
import { rebuildNode } from './rebuild-node.js';
import { checkReplacement, keepNames } from './replacement.js';
import {
  createRewriter,
  type Replacement,
  type RewriteContext,
  type Rewriter,
  type RewriterSession,
} from './rewriter.js';
import { type Scope, UseCounts } from './use-counts.js';

/**
 * Looks at one node, whose inputs are final already. Returns what replaces its outputs, or undefined
 * to leave it; nodes built by a visitor that then returns undefined are forgotten.
 */
export type Visit = (node: Node, rewriter: Rewriter) => Replacement | undefined;

/**
 * The graph after one sweep, regions included; the same object where nothing was replaced. Nodes
 * that the sweep leaves without readers are gone, those that nobody read before it are left alone.
 */
export function sweepGraph(graph: Graph, visit: Visit): Graph {
  let names: UniqueNames | undefined;
  const sweep: Sweep = {
    visit,
    counts: new UseCounts(graph),
    substitution: new Map(),
    freshName: (stem) => {
      names ??= new UniqueNames(namesIn(graph));
      return names.fresh(stem);
    },
  };
  return sweepScope(graph, { parent: undefined }, sweep);
}

interface Sweep {
  readonly visit: Visit;
  readonly counts: UseCounts;
  /** What took the place of a value, in up to two steps: another type of it, then a replacement. */
  readonly substitution: Map<Value, Value>;
  readonly freshName: (stem: string) => string;
}

function sweepScope(graph: Graph, scope: Scope, sweep: Sweep): Graph {
  const { counts } = sweep;
  const context: RewriteContext = {
    scope,
    producerOf: (value) => counts.producerIn(scope, value),
    useCount: (value) => counts.useCount(value),
    isOutput: (value) => counts.isOutput(value),
  };
  const session = createRewriter(context, sweep.freshName);
  counts.enter(graph);
  const emitted: Node[] = [];
  for (const original of graph.nodes) {
    const node = substituteInputs(original, scope, sweep);
    const nodes = counts.isUsed(node) ? replaceNode(node, session, sweep) : undefined;
    for (const next of nodes ?? [node]) {
      counts.define(next, scope);
      emitted.push(next);
    }
  }
  const nodes = emitted.filter((node) => !counts.isDead(node));
  const outputs = graph.outputs.map((output): Output => {
    const value = currentValue(output.value, sweep);
    return value === output.value ? output : { name: output.name, value };
  });
  const unchanged =
    nodes.length === graph.nodes.length &&
    nodes.every((node, i) => node === graph.nodes[i]) &&
    outputs.every((output, i) => output === graph.outputs[i]);
  return unchanged ? graph : { ...graph, nodes, outputs };
}

/** The node over what its inputs have become, after sweeping its regions. */
function substituteInputs(node: Node, scope: Scope, sweep: Sweep): Node {
  let changed = false;
  const inputs = node.inputs.map((input) => {
    const value = input && currentValue(input, sweep);
    if (value !== input) changed = true;
    return value;
  });
  const regions = mapRegions(node.regions, (region) =>
    sweepScope(region, { parent: scope }, sweep),
  );
  if (!changed && regions === node.regions) return node;
  const rebuilt = rebuildNode(node, { inputs, regions });
  substituteOutputs(node, rebuilt.outputs, sweep);
  return rebuilt;
}

/** The nodes that take the place of `root`, or undefined where the visitor leaves it. */
function replaceNode(
  root: Node,
  session: RewriterSession,
  sweep: Sweep,
): readonly Node[] | undefined {
  session.begin(root);
  const replacement = sweep.visit(root, session.rewriter);
  if (replacement === undefined) return undefined;
  const replacements = isOneValue(replacement) ? [replacement] : replacement;
  const rewritten = keepNames(root, session, replacements);
  for (const node of rewritten.nodes) {
    sweep.counts.define(node, session.rewriter.scope);
    sweep.counts.retain(node);
  }
  substituteOutputs(root, rewritten.replacements, sweep);
  sweep.counts.release(root);
  for (const node of [...rewritten.nodes].reverse()) {
    if (!sweep.counts.isUsed(node)) sweep.counts.release(node);
  }
  return rewritten.nodes;
}

function substituteOutputs(
  node: Node,
  replacements: readonly (Value | undefined)[],
  sweep: Sweep,
): void {
  node.outputs.forEach((output, i) => {
    const replacement = replacements[i];
    if (output === undefined || replacement === undefined || output === replacement) return;
    checkReplacement(node, output, replacement);
    sweep.substitution.set(output, replacement);
    sweep.counts.transfer(output, replacement);
  });
}

function currentValue(value: Value, { substitution }: Sweep): Value {
  let current = value;
  for (let next = substitution.get(current); next; next = substitution.get(current)) current = next;
  return current;
}

function isOneValue(replacement: Replacement): replacement is Value {
  return !Array.isArray(replacement);
}

/** Every name in use, regions included. */
function* namesIn(graph: Graph): Generator<string> {
  for (const value of graph.inputs) yield value.name;
  for (const node of graph.nodes) {
    for (const value of node.inputs) if (value?.constant) yield value.name;
    for (const value of node.outputs) if (value) yield value.name;
    for (const region of Object.values(node.regions)) yield* namesIn(region);
  }
  for (const { value } of graph.outputs) if (value.constant) yield value.name;
}
