/**
 * The names of values in the file. The inputs and outputs of the model keep theirs; every other
 * value keeps its own unless one of those has taken it.
 */

import { type Graph, UniqueNames, type Value } from '@whittle/ir';

export class ValueNames {
  readonly #names = new UniqueNames();
  readonly #byValue = new Map<Value, string>();

  /** @throws {CompilerError} `E_INVALID_GRAPH` where an input and an output share a name. */
  constructor(graph: Graph) {
    for (const input of graph.inputs) this.#byValue.set(input, this.#names.claim(input.name));
    this.#claimOutputs(graph);
  }

  of(value: Value): string {
    const known = this.#byValue.get(value);
    if (known !== undefined) return known;
    const name = this.#names.fresh(value.name);
    this.#byValue.set(value, name);
    return name;
  }

  fresh(stem: string): string {
    return this.#names.fresh(stem);
  }

  /** Gives the values that a region returns the names of its outputs, as far as they are free. */
  enterRegion(region: Graph): void {
    const produced = producedBy(region);
    for (const { name, value } of region.outputs) {
      if (produced.has(value) && !this.#byValue.has(value)) {
        this.#byValue.set(value, this.#names.fresh(name));
      }
    }
  }

  /**
   * An output name that the value cannot bear, because it is an input, a constant or another output
   * too, stays free for the `Identity` that will define it.
   */
  #claimOutputs(graph: Graph): void {
    const produced = producedBy(graph);
    for (const { name, value } of graph.outputs) {
      if (this.#byValue.get(value) === name) continue;
      this.#names.claim(name);
      if (produced.has(value) && !this.#byValue.has(value)) this.#byValue.set(value, name);
    }
  }
}

function producedBy(graph: Graph): Set<Value | undefined> {
  return new Set(graph.nodes.flatMap((node) => node.outputs));
}
