/**
 * Who defines a value and how often it is read, kept exact while a sweep replaces nodes, so that
 * "has no other reader" can be asked at any moment without indexing the graph again.
 *
 * Counting follows reference counting: a node that nobody reads any more gives up what it reads,
 * and so on upwards. Each node dies once, so that the whole is linear in the size of the graph.
 */

import { type Graph, type Node, type Value, valuesReadBy } from './graph.js';

/** A graph or a region under rewriting. A region sees the values of the scopes around it. */
export interface Scope {
  readonly parent: Scope | undefined;
}

/** What is known of one value. One record for all of it, since looking up values is what costs. */
interface Usage {
  uses: number;
  isOutput: boolean;
  producer: Node | undefined;
  scope: Scope | undefined;
}

export class UseCounts {
  readonly #usages = new Map<Value, Usage>();
  readonly #dead = new Set<Node>();

  /** Counts the uses in a graph, its regions included. */
  constructor(graph: Graph) {
    for (const node of graph.nodes) this.#retainInputs(node);
    for (const { value } of graph.outputs) this.#usageOf(value).uses++;
  }

  /** Notes the outputs of a graph or region; their uses are counted already. */
  enter(graph: Graph): void {
    for (const { value } of graph.outputs) this.#usageOf(value).isOutput = true;
  }

  /** Notes the producer of a node's outputs; the node's uses are counted already. */
  define(node: Node, scope: Scope): void {
    for (const output of node.outputs) {
      if (output === undefined) continue;
      const usage = this.#usageOf(output);
      usage.producer = node;
      usage.scope = scope;
    }
  }

  /** Counts the uses of a node that is new in the graph. */
  retain(node: Node): void {
    this.#dead.delete(node);
    this.#retainInputs(node);
  }

  /**
   * Takes a node out of the graph, and with it whatever only it was using. What the nodes in its
   * regions read is counted as its own, so they are not released once more.
   */
  release(node: Node): void {
    const doomed = [node];
    for (let next = doomed.pop(); next; next = doomed.pop()) {
      if (this.#dead.has(next)) continue;
      this.#dead.add(next);
      const inside = nodesInside(next);
      for (const value of valuesReadBy(next)) {
        const usage = this.#usageOf(value);
        usage.uses--;
        const { producer } = usage;
        if (producer && !inside.has(producer) && !this.isUsed(producer)) doomed.push(producer);
      }
    }
  }

  /** Every reader of `from` will read `to` instead. */
  transfer(from: Value, to: Value): void {
    const source = this.#usageOf(from);
    const target = this.#usageOf(to);
    target.uses += source.uses;
    target.isOutput ||= source.isOutput;
    source.uses = 0;
    source.isOutput = false;
  }

  useCount(value: Value): number {
    return this.#usages.get(value)?.uses ?? 0;
  }

  isUsed(node: Node): boolean {
    return node.outputs.some((output) => output !== undefined && this.useCount(output) > 0);
  }

  isOutput(value: Value): boolean {
    return this.#usages.get(value)?.isOutput === true;
  }

  isDead(node: Node): boolean {
    return this.#dead.has(node);
  }

  /** The node that defines a value, where that node belongs to `scope` itself. */
  producerIn(scope: Scope, value: Value): Node | undefined {
    const usage = this.#usages.get(value);
    return usage?.scope === scope ? usage.producer : undefined;
  }

  #retainInputs(node: Node): void {
    for (const value of valuesReadBy(node)) this.#usageOf(value).uses++;
  }

  #usageOf(value: Value): Usage {
    const known = this.#usages.get(value);
    if (known !== undefined) return known;
    const usage: Usage = { uses: 0, isOutput: false, producer: undefined, scope: undefined };
    this.#usages.set(value, usage);
    return usage;
  }
}

/** The nodes of a node's regions, those of regions inside them included. */
function nodesInside(node: Node, into: Set<Node> = new Set()): ReadonlySet<Node> {
  for (const region of Object.values(node.regions)) {
    for (const inner of region.nodes) {
      into.add(inner);
      nodesInside(inner, into);
    }
  }
  return into;
}
