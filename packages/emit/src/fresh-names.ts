/**
 * Identifiers for emitted code: the same sequence of hints gives the same names, no name comes
 * twice, and none is a word that JavaScript or WGSL keeps for itself.
 */

import { reservedWords } from './reserved-words.js';

const longestHint = 32;

export class FreshNames {
  readonly #taken: Set<string>;
  readonly #next = new Map<string, number>();

  /** Names in `taken`, such as those of an enclosing scope, are never given out. */
  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  /** The hint made safe where it is free, otherwise with `_1`, `_2`, … after it. */
  fresh(hint: string): string {
    const stem = safeIdentifier(hint);
    let name = stem;
    let number = this.#next.get(stem) ?? 1;
    while (this.#taken.has(name) || reservedWords.has(name)) name = `${stem}_${number++}`;
    this.#next.set(stem, number);
    this.#taken.add(name);
    return name;
  }

  /** A scope inside this one: it avoids the names given out so far, and gives none back. */
  inner(): FreshNames {
    return new FreshNames(this.#taken);
  }
}

/** Letters, digits and single underscores of the hint, beginning with a letter; maybe reserved. */
function safeIdentifier(hint: string): string {
  const word = hint
    .slice(0, 256)
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_/, '')
    .slice(0, longestHint)
    .replace(/_$/, '');
  if (word === '') return 'v';
  return /^[0-9]/.test(word) ? `v${word}` : word;
}
