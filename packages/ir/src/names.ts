/** Unique names for values. Linear in total: each stem remembers the last number it gave out. */

import { CompilerError } from './errors.js';

export class UniqueNames {
  readonly #taken: Set<string>;
  readonly #next = new Map<string, number>();

  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  /** Takes exactly this name. @throws {CompilerError} `E_INVALID_GRAPH` where it is taken. */
  claim(name: string): string {
    if (this.#taken.has(name)) {
      throw new CompilerError('E_INVALID_GRAPH', `Two values are named "${name}".`, {
        where: { tensor: name },
      });
    }
    this.#taken.add(name);
    return name;
  }

  /** `stem` where it is free, otherwise `stem_1`, `stem_2`, … */
  fresh(stem: string): string {
    let name = stem;
    let number = this.#next.get(stem) ?? 1;
    while (this.#taken.has(name)) name = `${stem}_${number++}`;
    this.#next.set(stem, number);
    this.#taken.add(name);
    return name;
  }
}
