/**
 * The identifiers of a nest, and which of its lets are used: a `let` whose every use has come to be of
 * its quarter, or the other way round, is not written. The text is printed twice, and the first time
 * shows it.
 */

import type { FreshNames } from '@whittle/emit';
import { quarterOf } from './aligned-lanes.js';
import { laneCount } from './types.js';

export class UsedNames {
  readonly #identifiers: Map<string, string>;
  readonly #quarters = new Map<string, string>();
  readonly #scope: FreshNames;
  /** What stands in the value of each name that is declared; under `undefined` all else. */
  readonly #inside = new Map<string | undefined, Set<string>>();
  #declaring: string | undefined;
  #live: ReadonlySet<string> | undefined;

  constructor(declared: readonly string[], scope: FreshNames) {
    this.#scope = scope;
    this.#identifiers = new Map(declared.map((name) => [name, scope.fresh(name)]));
    for (const name of declared) this.#quarters.set(quarterOf(name), name);
  }

  /** The identifier of a variable or quarter; undefined where it is not declared. */
  nameOf(name: string): string | undefined {
    this.#insideOf(this.#declaring).add(name);
    const known = this.#identifiers.get(name);
    if (known !== undefined) return known;
    const whole = this.#identifiers.get(this.#quarters.get(name) ?? '');
    if (whole === undefined) return undefined;
    const identifier = this.#scope.fresh(`${whole}_by${laneCount}`);
    this.#identifiers.set(name, identifier);
    return identifier;
  }

  declare(name: string, print: () => string, write: (value: string) => void): void {
    if (this.#live?.has(name) === false) return;
    const outer = this.#declaring;
    this.#declaring = name;
    const value = print();
    write(value);
    this.#declaring = outer;
  }

  /** From here on, what is not used is not declared. */
  settle(): void {
    const live = new Set<string>();
    const pending: (string | undefined)[] = [undefined];
    while (pending.length > 0) {
      for (const name of this.#insideOf(pending.pop())) {
        if (live.has(name)) continue;
        live.add(name);
        pending.push(name);
      }
    }
    this.#live = live;
  }

  /** Gives the same identifiers whenever the text is printed. */
  temporaries(): (hint: string) => string {
    const scope = this.#scope.inner();
    return (hint) => scope.fresh(hint);
  }

  #insideOf(name: string | undefined): Set<string> {
    const known = this.#inside.get(name);
    if (known !== undefined) return known;
    const inside = new Set<string>();
    this.#inside.set(name, inside);
    return inside;
  }
}
