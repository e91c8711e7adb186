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
 * Vocabulary: what reads memory or a `local` is *volatile* and stays where it is; `levels.ts` has the
 * rest.
 */

import { add, index, mul, sub, variable } from '../expr.js';
import type { Expr, Kernel, Let, Stmt } from '../loop-ir.js';
import { expressionsIn, keyOf, mapOperands, statementsIn } from '../traverse.js';
import { type Affine, affineOf, type Term } from './affine.js';
import { freshNames } from './fresh-names.js';
import { inlineLets } from './inline-lets.js';
import { Levels } from './levels.js';

export function hoistInvariants(kernel: Kernel): Kernel {
  const hoister = new Hoister(kernel);
  return inlineLets({ ...kernel, body: hoister.block(kernel.body, 'branch') });
}

class Hoister {
  readonly #levels = new Levels();
  readonly #volatile: ReadonlySet<string>;
  readonly #sums = new Map<string, Affine>();
  readonly #fresh: () => string;

  constructor(kernel: Kernel) {
    const stmts = [...statementsIn(kernel.body)];
    this.#volatile = new Set(stmts.flatMap((s) => (s.kind === 'local' ? [s.name] : [])));
    this.#fresh = freshNames(kernel, 'p');
  }

  block(stmts: readonly Stmt[], kind: 'loop' | 'branch', declares?: string): readonly Stmt[] {
    return this.#levels.inside(kind, declares, () => {
      for (const stmt of stmts) this.#stmt(stmt);
    });
  }

  #stmt(stmt: Stmt): void {
    switch (stmt.kind) {
      case 'for': {
        const [start, end] = [this.#index(stmt.start), this.#index(stmt.end)];
        const body = this.block(stmt.body, 'loop', stmt.name);
        this.#levels.write({ ...stmt, start, end, body });
        return;
      }
      case 'if': {
        const condition = this.#expr(stmt.condition);
        const then = this.block(stmt.then, 'branch');
        const otherwise = this.block(stmt.otherwise, 'branch');
        this.#levels.write({ ...stmt, condition, then, otherwise });
        return;
      }
      case 'let':
        this.#let(stmt);
        return;
      case 'local':
        this.#levels.note(stmt.name);
        this.#levels.write({ ...stmt, init: this.#expr(stmt.init) });
        return;
      case 'assign':
        this.#levels.write({ ...stmt, value: this.#expr(stmt.value) });
        return;
      case 'store': {
        const value = this.#expr(stmt.value);
        this.#levels.write({ ...stmt, index: this.#index(stmt.index), value });
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
        this.#levels.declare(name, hoisted, this.#levels.placeFor(this.#levels.of(hoisted)));
      }
      const plain = [...sum.terms.values()].every(({ atom }) => atom.kind === 'variable');
      if (plain) this.#sums.set(name, sum);
      return;
    }
    const hoisted = this.#expr(value);
    const place = this.#isVolatile(value)
      ? this.#levels.current
      : this.#levels.placeFor(this.#levels.of(hoisted));
    this.#levels.declare(name, hoisted, place);
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
      const at = this.#levels.of(named);
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
    const at = this.#levels.of(expr);
    const key = keyOf(expr);
    const known = this.#levels.known(key, at);
    if (known !== undefined) return known;
    const place = this.#levels.placeFor(at);
    const name = own ?? this.#fresh();
    this.#levels.declare(name, expr, place);
    const named = variable(name, 'index');
    this.#levels.remember(key, named, place);
    return named;
  }

  #affine(expr: Expr): Affine {
    return affineOf(expr, (atom) =>
      atom.kind === 'variable' ? this.#sums.get(atom.name) : undefined,
    );
  }

  #isVolatile(expr: Expr): boolean {
    for (const part of expressionsIn(expr)) {
      if (part.kind === 'load') return true;
      if (part.kind === 'variable' && this.#volatile.has(part.name)) return true;
    }
    return false;
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
