/**
 * Takes out of a loop what does not depend on it. An index is a sum; what of it belongs to outer
 * loops is named there, once, and what remains in the innermost loop is one addition:
 *
 *     for i in 0..64 {                          for i in 0..64 {
 *       for k in 0..32 {                          let p = i * 32;
 *         acc = acc + x[i * 32 + k] *      →      for k in 0..32 {
 *           x[i * 32 + k + 2048];                   let q = p + k;
 *       }                                           acc = acc + x[q] * x[q + 2048];
 *     }                                           }
 *                                               }
 *
 * Constants stay at the access: WebAssembly has them in its load instruction, and accesses that differ
 * by a constant share a name. A `let` whose value needs no inner loop moves out as a whole.
 *
 * Vocabulary: a *level* is a block (the kernel's, a loop's, a branch's), counted from the outside; the
 * level of an expression is the innermost one that declares a variable of it. What reads memory or a
 * `local` is *volatile* and stays where it is.
 */

import { add, index, mul, sub, variable } from '../expr.js';
import type { Expr, Kernel, Let, Stmt } from '../loop-ir.js';
import { expressionsIn, keyOf, mapOperands, statementsIn } from '../traverse.js';
import { type Affine, affineOf, type Term } from './affine.js';
import { freshNames } from './fresh-names.js';
import { inlineLets } from './inline-lets.js';

export function hoistInvariants(kernel: Kernel): Kernel {
  const hoister = new Hoister(kernel);
  return inlineLets({ ...kernel, body: hoister.block(kernel.body, 'branch') });
}

interface Level {
  /** The loops around it: moving a name to a level with as many of them gains nothing. */
  readonly loops: number;
  readonly out: Stmt[];
  /** Names declared here, by the key of what they stand for. */
  readonly names: Map<string, Expr>;
}

class Hoister {
  readonly #levels: Level[] = [];
  readonly #levelOf = new Map<string, number>();
  readonly #volatile: ReadonlySet<string>;
  readonly #sums = new Map<string, Affine>();
  readonly #fresh: () => string;

  constructor(kernel: Kernel) {
    const stmts = [...statementsIn(kernel.body)];
    this.#volatile = new Set(stmts.flatMap((s) => (s.kind === 'local' ? [s.name] : [])));
    this.#fresh = freshNames(kernel, 'p');
  }

  block(stmts: readonly Stmt[], kind: 'loop' | 'branch', declares?: string): readonly Stmt[] {
    const loops = (this.#levels.at(-1)?.loops ?? 0) + (kind === 'loop' ? 1 : 0);
    const level: Level = { loops, out: [], names: new Map() };
    this.#levels.push(level);
    if (declares !== undefined) this.#levelOf.set(declares, this.#current);
    for (const stmt of stmts) this.#stmt(stmt);
    this.#levels.pop();
    return level.out;
  }

  get #current(): number {
    return this.#levels.length - 1;
  }

  #stmt(stmt: Stmt): void {
    const { out } = this.#level(this.#current);
    switch (stmt.kind) {
      case 'for': {
        const [start, end] = [this.#index(stmt.start), this.#index(stmt.end)];
        const body = this.block(stmt.body, 'loop', stmt.name);
        out.push({ ...stmt, start, end, body });
        return;
      }
      case 'if': {
        const condition = this.#expr(stmt.condition);
        const then = this.block(stmt.then, 'branch');
        const otherwise = this.block(stmt.otherwise, 'branch');
        out.push({ ...stmt, condition, then, otherwise });
        return;
      }
      case 'let':
        this.#let(stmt);
        return;
      case 'local':
        this.#levelOf.set(stmt.name, this.#current);
        out.push({ ...stmt, init: this.#expr(stmt.init) });
        return;
      case 'assign':
        out.push({ ...stmt, value: this.#expr(stmt.value) });
        return;
      case 'store': {
        const value = this.#expr(stmt.value);
        out.push({ ...stmt, index: this.#index(stmt.index), value });
        return;
      }
    }
  }

  /** Declares the name as far outside as its value allows, and remembers what it stands for. */
  #let({ name, value }: Let): void {
    if (value.dtype === 'index' && !this.#isVolatile(value)) {
      const sum = this.#affine(value);
      const hoisted = this.#index(value, name);
      if (hoisted.kind !== 'variable' || hoisted.name !== name) {
        this.#declare(name, hoisted, this.#placeFor(this.#levelAt(hoisted)));
      }
      const plain = [...sum.terms.values()].every(({ atom }) => atom.kind === 'variable');
      if (plain) this.#sums.set(name, sum);
      return;
    }
    const hoisted = this.#expr(value);
    const place = this.#isVolatile(value) ? this.#current : this.#placeFor(this.#levelAt(hoisted));
    this.#declare(name, hoisted, place);
  }

  #declare(name: string, value: Expr, place: number): void {
    this.#level(place).out.push({ kind: 'let', name, value });
    this.#levelOf.set(name, place);
  }

  /** An expression with the indices of its loads hoisted. */
  #expr(expr: Expr): Expr {
    if (expr.kind !== 'load') return mapOperands(expr, (operand) => this.#expr(operand));
    return { ...expr, index: this.#index(expr.index) };
  }

  /**
   * The sum as `name + constant`, where the name stands for all that is not volatile; it is `own`
   * where that is given, the sum has no other part, and no name is known yet.
   */
  #index(expr: Expr, own?: string): Expr {
    const { constant, terms } = this.#affine(expr);
    const last = constant === 0 ? own : undefined;
    const lone = terms.size === 1 ? last : undefined;
    const byLevel = new Map<number, Term[]>();
    let rest: Expr | undefined;
    for (const { atom, coefficient } of terms.values()) {
      if (this.#isVolatile(atom)) {
        rest = plus(rest, { atom: this.#insideOf(atom), coefficient });
        continue;
      }
      const named = this.#nameAtom(atom, coefficient === 1 ? lone : undefined);
      const at = this.#levelAt(named);
      byLevel.set(at, [...(byLevel.get(at) ?? []), { atom: named, coefficient }]);
    }
    let sum: Expr | undefined;
    const levels = [...byLevel.keys()].sort((a, b) => a - b);
    for (const at of levels) {
      for (const term of orderTerms(byLevel.get(at) ?? [])) sum = plus(sum, term);
      if (sum === undefined) continue;
      sum = this.#name(sum, at === levels.at(-1) && rest === undefined ? last : undefined);
    }
    if (rest !== undefined) sum = sum === undefined ? rest : add(sum, rest);
    return sum === undefined ? index(constant) : add(sum, index(constant));
  }

  #nameAtom(atom: Expr, own: string | undefined): Expr {
    if (atom.kind === 'variable') return atom;
    return this.#name(this.#insideOf(atom), own);
  }

  #insideOf(atom: Expr): Expr {
    return atom.kind === 'load'
      ? { ...atom, index: this.#index(atom.index) }
      : mapOperands(atom, (operand) =>
          operand.dtype === 'index' ? this.#index(operand) : this.#expr(operand),
        );
  }

  /**
   * The name of an expression at its level or, where no loop lies between, at the current one. The
   * level is that of the names it is made of, which may lie deeper than what they stand for.
   */
  #name(expr: Expr, own: string | undefined): Expr {
    if (expr.kind === 'variable' || expr.kind === 'literal') return expr;
    const at = this.#levelAt(expr);
    const key = keyOf(expr);
    for (let i = this.#current; i >= at; i--) {
      const known = this.#level(i).names.get(key);
      if (known !== undefined) return known;
    }
    const place = this.#placeFor(at);
    const name = own ?? this.#fresh();
    this.#declare(name, expr, place);
    const named = variable(name, 'index');
    this.#level(place).names.set(key, named);
    return named;
  }

  #placeFor(at: number): number {
    return this.#level(at).loops < this.#level(this.#current).loops ? at : this.#current;
  }

  #affine(expr: Expr): Affine {
    return affineOf(expr, (atom) =>
      atom.kind === 'variable' ? this.#sums.get(atom.name) : undefined,
    );
  }

  #levelAt(expr: Expr): number {
    return variablesOf(expr).reduce((max, name) => Math.max(max, this.#levelOf.get(name) ?? 0), 0);
  }

  #isVolatile(expr: Expr): boolean {
    for (const part of expressionsIn(expr)) {
      if (part.kind === 'load') return true;
      if (part.kind === 'variable' && this.#volatile.has(part.name)) return true;
    }
    return false;
  }

  #level(at: number): Level {
    const level = this.#levels[at];
    if (level === undefined) throw new RangeError(`There is no level ${at}.`);
    return level;
  }
}

function plus(sum: Expr | undefined, { atom, coefficient }: Term): Expr {
  if (sum === undefined) return mul(atom, index(coefficient));
  return coefficient < 0
    ? sub(sum, mul(atom, index(-coefficient)))
    : add(sum, mul(atom, index(coefficient)));
}

/** By name, so that sums of the same terms have the same key, and positive terms first. */
function orderTerms(terms: readonly Term[]): readonly Term[] {
  const rank = ({ coefficient }: Term): number => (coefficient < 0 ? 1 : 0);
  return [...terms].sort((a, b) => rank(a) - rank(b) || compareText(keyOf(a.atom), keyOf(b.atom)));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function variablesOf(expr: Expr): string[] {
  const names: string[] = [];
  for (const part of expressionsIn(expr)) if (part.kind === 'variable') names.push(part.name);
  return names;
}
