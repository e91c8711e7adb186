/**
 * Index expressions as sums: a constant, and atoms times integers. An *atom* is whatever is no sum:
 * a variable, a load, a quotient, a product of variables. Equal atoms are merged, so two indices that
 * differ only in how they are written have the same form.
 */

import { add, index, mul, sub } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { keyOf } from '../traverse.js';

export interface Affine {
  readonly constant: number;
  /** By the key of the atom, in the order of first appearance; no coefficient is 0. */
  readonly terms: ReadonlyMap<string, Term>;
}

export interface Term {
  readonly atom: Expr;
  readonly coefficient: number;
}

/** What an atom stands for where it is more than itself: a variable that names a sum. */
export type Expand = (atom: Expr) => Affine | undefined;

export function affineOf(expr: Expr, expand: Expand = () => undefined): Affine {
  const sum: Sum = { constant: 0, terms: new Map() };
  accumulate(sum, expr, 1, expand);
  return sum;
}

/** The sum as an expression; negative terms are subtracted. */
export function exprOfAffine({ constant, terms }: Affine): Expr {
  const ordered = [...terms.values()];
  // A difference reads better than a sum that begins with a negation.
  const first = ordered.findIndex(({ coefficient }) => coefficient > 0);
  if (first > 0) ordered.unshift(...ordered.splice(first, 1));
  let sum: Expr | undefined;
  for (const { atom, coefficient } of ordered) {
    if (sum === undefined) sum = mul(atom, index(coefficient));
    else if (coefficient < 0) sum = sub(sum, mul(atom, index(-coefficient)));
    else sum = add(sum, mul(atom, index(coefficient)));
  }
  return sum === undefined ? index(constant) : add(sum, index(constant));
}

interface Sum {
  constant: number;
  readonly terms: Map<string, Term>;
}

function accumulate(sum: Sum, expr: Expr, by: number, expand: Expand): void {
  if (expr.kind === 'literal') {
    sum.constant += by * Number(expr.value);
    return;
  }
  if (expr.kind === 'unary' && expr.op === 'neg') {
    accumulate(sum, expr.x, -by, expand);
    return;
  }
  if (expr.kind === 'binary') {
    if (expr.op === 'add' || expr.op === 'sub') {
      accumulate(sum, expr.a, by, expand);
      accumulate(sum, expr.b, expr.op === 'add' ? by : -by, expand);
      return;
    }
    if (expr.op === 'mul') {
      const [a, b] = [affineOf(expr.a, expand), affineOf(expr.b, expand)];
      if (a.terms.size === 0 || b.terms.size === 0) {
        const [factor, rest] = a.terms.size === 0 ? [a.constant, b] : [b.constant, a];
        addAffine(sum, rest, by * factor);
        return;
      }
    }
  }
  const known = expand(expr);
  if (known !== undefined) addAffine(sum, known, by);
  else addTerm(sum, { atom: expr, coefficient: by });
}

function addAffine(sum: Sum, { constant, terms }: Affine, by: number): void {
  sum.constant += by * constant;
  for (const { atom, coefficient } of terms.values()) {
    addTerm(sum, { atom, coefficient: by * coefficient });
  }
}

function addTerm({ terms }: Sum, { atom, coefficient }: Term): void {
  const key = keyOf(atom);
  const total = (terms.get(key)?.coefficient ?? 0) + coefficient;
  if (total === 0) terms.delete(key);
  else terms.set(key, { atom, coefficient: total });
}
