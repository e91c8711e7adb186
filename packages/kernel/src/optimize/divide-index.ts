/** Division of an index by a positive constant, by what is known of the index's parts. */

import { floordiv, floormod, index } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { type Affine, affineOf, exprOfAffine, type Term } from './affine.js';
import { type Ranges, rangeOf } from './range.js';

export interface KnownIndices {
  readonly ranges: Ranges;
  /** What index names stand for, so that a quotient sees through them. */
  readonly sums: ReadonlyMap<string, Affine>;
}

/**
 * With x = d·q + r, where q holds the terms that d divides: `x floordiv d` is q + r floordiv d, and
 * `x floormod d` is r floormod d. A common factor of r and d cancels.
 */
export function divideIndex(
  op: 'floordiv' | 'floormod',
  x: Expr,
  d: number,
  { ranges, sums }: KnownIndices,
): Expr {
  const sum = affineOf(x, (atom) => (atom.kind === 'variable' ? sums.get(atom.name) : undefined));
  const { even, rest } = splitByDivisor(sum, d);
  const range = rangeOf(exprOfAffine(rest), ranges);
  const quotient = Math.floor(range.min / d);
  const settled = quotient === Math.floor(range.max / d);
  // Where nothing is shed, the name of the sum stays, so that it is computed once.
  const remaining = isZero(even) ? x : exprOfAffine(rest);
  if (op === 'floordiv') {
    const divided = settled
      ? index(quotient)
      : (dividedByFactor(rest, d) ?? floordiv(remaining, d));
    return exprOfAffine(affineOf(sumOf(exprOfAffine(even), divided)));
  }
  if (settled) return exprOfAffine({ ...rest, constant: rest.constant - quotient * d });
  return floormod(remaining, d);
}

/** `(g·y + r) floordiv (g·d)` is `y floordiv d` where 0 <= r < g; undefined where no g fits. */
function dividedByFactor(sum: Affine, d: number): Expr | undefined {
  const factor = [...sum.terms.values()].reduce((g, { coefficient }) => gcd(g, coefficient), d);
  if (factor === 1) return undefined;
  const terms = mapTerms(sum, (term) => ({ ...term, coefficient: term.coefficient / factor }));
  const constant = Math.floor(sum.constant / factor);
  return floordiv(exprOfAffine({ constant, terms }), d / factor);
}

function splitByDivisor(sum: Affine, d: number): { readonly even: Affine; readonly rest: Affine } {
  const even = new Map<string, Term>();
  const rest = new Map<string, Term>();
  for (const [key, { atom, coefficient }] of sum.terms) {
    if (coefficient % d === 0) even.set(key, { atom, coefficient: coefficient / d });
    else rest.set(key, { atom, coefficient });
  }
  const constant = Math.floor(sum.constant / d);
  return {
    even: { constant, terms: even },
    rest: { constant: sum.constant - constant * d, terms: rest },
  };
}

function sumOf(a: Expr, b: Expr): Expr {
  return { kind: 'binary', op: 'add', dtype: 'index', a, b };
}

function isZero({ constant, terms }: Affine): boolean {
  return constant === 0 && terms.size === 0;
}

function mapTerms({ terms }: Affine, f: (term: Term) => Term): ReadonlyMap<string, Term> {
  return new Map([...terms].map(([key, term]) => [key, f(term)]));
}

function gcd(a: number, b: number): number {
  let [x, y] = [Math.abs(a), Math.abs(b)];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}
