/**
 * The values that a text has defined so far. A name is unique in the whole text, and visible in
 * the graph that defines it and in the regions inside.
 */

import type { Value } from '../graph.js';
import type { Lexer } from './lexer.js';

export class Scope {
  readonly #lexer: Lexer;
  /** All names defined so far; those of regions that have ended without their value. */
  readonly #values = new Map<string, Value | undefined>();
  /** The names that each of the graphs around has defined, outermost first. */
  readonly #open: string[][] = [];

  constructor(lexer: Lexer) {
    this.#lexer = lexer;
  }

  enter(): void {
    this.#open.push([]);
  }

  leave(): void {
    for (const name of this.#open.pop() ?? []) this.#values.set(name, undefined);
  }

  /** @throws {CompilerError} `E_INVALID_TEXT` at `offset` where the name is taken. */
  define(value: Value, offset: number): Value {
    if (this.#values.has(value.name)) {
      return this.#lexer.fail(`two values are named ${JSON.stringify(value.name)}`, offset);
    }
    this.#values.set(value.name, value);
    this.#open.at(-1)?.push(value.name);
    return value;
  }

  /** Reads the name of a value that is visible here. */
  read(): Value {
    const { offset } = this.#lexer.peek();
    const name = this.#lexer.expect('value');
    const value = this.#values.get(name);
    if (value !== undefined) return value;
    const problem = this.#values.has(name)
      ? 'is not visible here'
      : 'is not defined before its use';
    return this.#lexer.fail(`the value ${JSON.stringify(name)} ${problem}`, offset);
  }
}
