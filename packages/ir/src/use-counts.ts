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

export class UseCounts {
  readonly #uses = new Map<Value, number>();
  readonly #outputs = new Set<Value>();
  readonly #producers = new Map<Value, { readonly node: Node; readonly scope: Scope }>();
  readonly #dead = new Set<Node>();

  /** Counts the uses in a graph, its regions included. */
  constructor(graph: Graph) {
    for (const node of graph.nodes) this.#retainInputs(node);
    for (const { value } of graph.outputs) this.#add(value, 1);
  }

  /** Notes that the outputs of `graph` may not disappear unnoticed. */
  enter(graph: Graph): void {
    for (const { value } of graph.outputs) this.#outputs.add(value);
  }

  /** Notes the producer of a node's outputs; the node's uses are counted already. */
  define(node: Node, scope: Scope): void {
    for (const output of node.outputs) if (output) this.#producers.set(output, { node, scope });
  }

  /** Counts the uses of a node that is new in the graph. */
  retain(node: Node): void {
    this.#dead.delete(node);
    this.#retainInputs(node);
  }

  /** Takes a node out of the graph, and with it whatever only it was using. */
  release(node: Node): void {
    const doomed = [node];
    for (let next = doomed.pop(); next; next = doomed.pop()) {
      if (this.#dead.has(next)) continue;
      this.#dead.add(next);
      for (const value of valuesReadBy(next)) {
        this.#add(value, -1);
        const producer = this.#producers.get(value)?.node;
        if (producer && !this.isUsed(producer)) doomed.push(producer);
      }
    }
  }

  /** Every reader of `from` will read `to` instead. */
  transfer(from: Value, to: Value): void {
    this.#add(to, this.useCount(from));
    this.#uses.delete(from);
    if (this.#outputs.delete(from)) this.#outputs.add(to);
  }

  useCount(value: Value): number {
    return this.#uses.get(value) ?? 0;
  }

  isUsed(node: Node): boolean {
    return node.outputs.some((output) => output !== undefined && this.useCount(output) > 0);
  }

  isOutput(value: Value): boolean {
    return this.#outputs.has(value);
  }

  isDead(node: Node): boolean {
    return this.#dead.has(node);
  }

  /** The node that defines a value, where that node belongs to `scope` itself. */
  producerIn(scope: Scope, value: Value): Node | undefined {
    const producer = this.#producers.get(value);
    return producer?.scope === scope ? producer.node : undefined;
  }

  #retainInputs(node: Node): void {
    for (const value of valuesReadBy(node)) this.#add(value, 1);
  }

  #add(value: Value, count: number): void {
    this.#uses.set(value, this.useCount(value) + count);
  }
}
