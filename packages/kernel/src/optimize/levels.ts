/**
 * The blocks around a statement while a pass walks over a kernel, and which names each declares.
 *
 * Vocabulary: a *level* is a block (the kernel's, a loop's, a branch's), counted from the outside; the
 * level of an expression is the innermost one that declares a variable of it.
 */

import type { Expr, Stmt } from '../loop-ir.js';
import { expressionsIn } from '../traverse.js';

interface Level {
  /** The loops around it: moving a name to a level with as many of them gains nothing. */
  readonly loops: number;
  readonly out: Stmt[];
  /** Names declared here, by the key of what they stand for. */
  readonly names: Map<string, Expr>;
}

export class Levels {
  readonly #stack: Level[] = [];
  readonly #levelOf = new Map<string, number>();

  get current(): number {
    return this.#stack.length - 1;
  }

  /** What `body` writes at a new level, which begins with the variable of its loop declared. */
  inside(kind: 'loop' | 'branch', declares: string | undefined, body: () => void): readonly Stmt[] {
    const loops = (this.#stack.at(-1)?.loops ?? 0) + (kind === 'loop' ? 1 : 0);
    const level: Level = { loops, out: [], names: new Map() };
    this.#stack.push(level);
    if (declares !== undefined) this.note(declares);
    body();
    this.#stack.pop();
    return level.out;
  }

  /** Adds a statement at the present level. */
  write(stmt: Stmt): void {
    this.#at(this.current).out.push(stmt);
  }

  /** Takes note of a name that is declared at the present level. */
  note(name: string): void {
    this.#levelOf.set(name, this.current);
  }

  /** Adds a `let` at a level. */
  declare(name: string, value: Expr, level: number): void {
    this.#at(level).out.push({ kind: 'let', name, value });
    this.#levelOf.set(name, level);
  }

  of(expr: Expr): number {
    let innermost = 0;
    for (const part of expressionsIn(expr)) {
      if (part.kind !== 'variable') continue;
      innermost = Math.max(innermost, this.#levelOf.get(part.name) ?? 0);
    }
    return innermost;
  }

  /** Where to name what could be named at `level`: there or, where no loop lies between, here. */
  placeFor(level: number): number {
    return this.#at(level).loops < this.#at(this.current).loops ? level : this.current;
  }

  /** The name of what has this key, from the present level out to `level`. */
  known(key: string, level: number): Expr | undefined {
    for (let i = this.current; i >= level; i--) {
      const name = this.#at(i).names.get(key);
      if (name !== undefined) return name;
    }
    return undefined;
  }

  remember(key: string, name: Expr, level: number): void {
    this.#at(level).names.set(key, name);
  }

  #at(level: number): Level {
    const found = this.#stack[level];
    if (found === undefined) throw new RangeError(`There is no level ${level}.`);
    return found;
  }
}
