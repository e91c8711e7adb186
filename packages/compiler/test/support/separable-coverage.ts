/** Counts what the cases of a run are made of and what became of them, so that no test goes hollow. */

import { type Graph, indexUses, type Node, type Policy } from '@whittle/ir';
import type { PreparedWay } from './check-separable.js';
import type { SeparableCase, SeparableKind } from './separable-case.js';
import { seedOfOutput } from './separable-samples.js';
import type { Layout } from './separable-site.js';
import { type Effect, type Trait, traits } from './separable-traits.js';

export interface TraitCount {
  readonly trait: string;
  readonly count: number;
  readonly least: number;
}

export class SeparableCoverage {
  readonly #counts = new Map<Trait, number>();
  #cases = 0;

  add(cases: readonly SeparableCase[], prepared: readonly PreparedWay[]): void {
    const nodesOf = (policy: Policy, layout: Layout): NodesBySeed => {
      const found = prepared.find(
        ({ way }) => way.policy === policy && way.layout === layout && way.level === 2,
      );
      return found === undefined ? new Map() : nodesBySeed(found.graph);
    };
    const plain = nodesOf('none', 'NCHW');
    const forced = nodesOf('all', 'NCHW');
    const forcedLast = nodesOf('all', 'NHWC');
    for (const separable of cases) {
      this.#cases++;
      const effect: Effect = {
        plain: plain.get(separable.seed) ?? [],
        forced: forced.get(separable.seed) ?? [],
        forcedLast: forcedLast.get(separable.seed) ?? [],
      };
      for (const trait of traits) {
        if (!trait.holds(separable, effect)) continue;
        this.#counts.set(trait, (this.#counts.get(trait) ?? 0) + 1);
      }
    }
  }

  /** How many cases have each trait that those of a kind have to have, and how many that takes. */
  countsOf(kind: SeparableKind): readonly TraitCount[] {
    return traits.flatMap((trait) => {
      const percentage = trait.least[kind];
      if (percentage === undefined) return [];
      const least = Math.ceil((percentage / 100) * this.#cases);
      return [{ trait: trait.name, count: this.#counts.get(trait) ?? 0, least }];
    });
  }
}

type NodesBySeed = ReadonlyMap<number, readonly Node[]>;

/** The nodes that the outputs of each case come from. */
function nodesBySeed(graph: Graph): NodesBySeed {
  const uses = indexUses(graph);
  const bySeed = new Map<number, Set<Node>>();
  for (const { name, value } of graph.outputs) {
    const seed = seedOfOutput(name);
    const found = bySeed.get(seed) ?? new Set<Node>();
    bySeed.set(seed, found);
    const pending = [value];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const node = uses.producerOf(next);
      if (node === undefined || found.has(node)) continue;
      found.add(node);
      pending.push(...node.inputs.filter((input) => input !== undefined));
    }
  }
  return new Map([...bySeed].map(([seed, nodes]) => [seed, [...nodes]]));
}
