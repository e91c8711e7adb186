/**
 * Simplifies index arithmetic by what the loops around it say about their variables. Quotients and
 * remainders shed what divides evenly and vanish where the rest cannot reach the divisor; comparisons
 * that always hold, or never, decide their branch; a loop of one turn becomes its body.
 *
 *     for i in 0..8 {                               for i in 0..8 {
 *       for c in 0..96 {                              for c in 0..96 {
 *         let t = i * 96 + c;                   →       y[i + c * 2] = x[c];
 *         y[t floordiv 96 + c * 2] =                  }
 *           x[t floormod 96];                       }
 *
 * Source of the idea: Halide's `Simplify` with bounds, tinygrad's `symbolic` rules.
 */

import { floordiv, floormod, index, literal, select } from '../expr.js';
import type { Binary, Expr, Kernel, Stmt } from '../loop-ir.js';
import { mapOperands, mapStmt, statementsIn } from '../traverse.js';
import { type Affine, affineOf, exprOfAffine, type Term } from './affine.js';
import { type Range, rangeOf, rangeOfLoop } from './range.js';
import { substitute } from './substitute.js';

export function simplifyIndex(kernel: Kernel): Kernel {
  const locals = new Set<string>();
  for (const stmt of statementsIn(kernel.body)) if (stmt.kind === 'local') locals.add(stmt.name);
  const known: Known = { locals, ranges: new Map(), sums: new Map() };
  return { ...kernel, body: simplifyBlock(kernel.body, known) };
}

interface Known {
  /** Variables that change: a name for a sum of them does not follow. */
  readonly locals: ReadonlySet<string>;
  readonly ranges: Map<string, Range>;
  /** What index names stand for, so that a quotient sees through them. */
  readonly sums: Map<string, Affine>;
}

function simplifyBlock(stmts: readonly Stmt[], known: Known): readonly Stmt[] {
  return stmts.flatMap((stmt) => simplifyStmt(stmt, known));
}

function simplifyStmt(stmt: Stmt, known: Known): readonly Stmt[] {
  const simple = (expr: Expr): Expr => simplify(expr, known);
  switch (stmt.kind) {
    case 'for': {
      const loop = { ...stmt, start: simple(stmt.start), end: simple(stmt.end) };
      const range = rangeOfLoop(loop, known.ranges);
      if (range.max < range.min) return [];
      if (range.min === range.max && loop.start.kind === 'literal' && loop.end.kind === 'literal') {
        return simplifyBlock(substitute(loop.body, new Map([[loop.name, loop.start]])), known);
      }
      known.ranges.set(loop.name, range);
      return [{ ...loop, body: simplifyBlock(loop.body, known) }];
    }
    case 'if': {
      const condition = simple(stmt.condition);
      if (condition.kind === 'literal') {
        return simplifyBlock(condition.value ? stmt.then : stmt.otherwise, known);
      }
      const then = simplifyBlock(stmt.then, known);
      const otherwise = simplifyBlock(stmt.otherwise, known);
      return then.length + otherwise.length === 0 ? [] : [{ ...stmt, condition, then, otherwise }];
    }
    case 'let': {
      const value = simple(stmt.value);
      if (value.dtype === 'index') {
        known.ranges.set(stmt.name, rangeOf(value, known.ranges));
        const sum = affineOf(value);
        if (isOfConstantVariables(sum, known)) known.sums.set(stmt.name, sum);
      }
      return [{ ...stmt, value }];
    }
    default:
      return [mapStmt(stmt, simple, (inside) => inside)];
  }
}

function simplify(expr: Expr, known: Known): Expr {
  const inside = mapOperands(expr, (operand) => simplify(operand, known));
  if (inside.kind === 'select') return select(inside.condition, inside.then, inside.otherwise);
  if (inside.kind === 'binary') {
    if (inside.a.dtype === 'index') return simplifyBinary(inside, known);
    if (inside.dtype === 'bool') return simplifyLogic(inside);
  }
  return inside.dtype === 'index' ? exprOfAffine(affineOf(inside)) : inside;
}

function simplifyBinary(expr: Binary, known: Known): Expr {
  const { op, a, b } = expr;
  switch (op) {
    case 'div':
    case 'rem':
      // Of what is not negative, truncating and rounding down are the same.
      return isDivisor(b) && rangeOf(a, known.ranges).min >= 0
        ? quotientOrRest(op === 'div' ? 'floordiv' : 'floormod', a, Number(b.value), known)
        : expr;
    case 'floordiv':
    case 'floormod':
      return isDivisor(b) ? quotientOrRest(op, a, Number(b.value), known) : expr;
    case 'min':
    case 'max': {
      const { min, max } = differenceOf(expr, known);
      if (op === 'min' ? max <= 0 : min >= 0) return a;
      return (op === 'min' ? min >= 0 : max <= 0) ? b : expr;
    }
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge': {
      const decided = decide(op, differenceOf(expr, known));
      return decided === undefined ? expr : literal('bool', decided ? 1 : 0);
    }
    default:
      return exprOfAffine(affineOf(expr));
  }
}

/** What a comparison of two values says whose difference is in a range, if it is always the same. */
function decide(op: 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge', range: Range): boolean | undefined {
  const { min, max } = range;
  switch (op) {
    case 'lt':
      return max < 0 ? true : min >= 0 ? false : undefined;
    case 'le':
      return max <= 0 ? true : min > 0 ? false : undefined;
    case 'gt':
      return min > 0 ? true : max <= 0 ? false : undefined;
    case 'ge':
      return min >= 0 ? true : max < 0 ? false : undefined;
    case 'eq':
      return min > 0 || max < 0 ? false : min === 0 && max === 0 ? true : undefined;
    case 'ne':
      return min > 0 || max < 0 ? true : min === 0 && max === 0 ? false : undefined;
  }
}

function simplifyLogic(expr: Binary): Expr {
  const { op, a, b } = expr;
  if (op !== 'and' && op !== 'or') return expr;
  const neutral = op === 'and' ? 1 : 0;
  if (a.kind === 'literal') return a.value === neutral ? b : a;
  if (b.kind === 'literal') return b.value === neutral ? a : b;
  return expr;
}

/**
 * With x = d·q + r, where q holds the terms that d divides: `x floordiv d` is q + r floordiv d, and
 * `x floormod d` is r floormod d. A common factor of r and d cancels.
 */
function quotientOrRest(op: 'floordiv' | 'floormod', x: Expr, d: number, known: Known): Expr {
  const sum = affineOf(x, (atom) =>
    atom.kind === 'variable' ? known.sums.get(atom.name) : undefined,
  );
  const { even, rest } = splitByDivisor(sum, d);
  const range = rangeOf(exprOfAffine(rest), known.ranges);
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

function differenceOf({ a, b }: Binary, { ranges }: Known): Range {
  return rangeOf({ kind: 'binary', op: 'sub', dtype: 'index', a, b }, ranges);
}

function sumOf(a: Expr, b: Expr): Expr {
  return { kind: 'binary', op: 'add', dtype: 'index', a, b };
}

function isDivisor(expr: Expr): expr is Extract<Expr, { kind: 'literal' }> {
  return expr.kind === 'literal' && Number(expr.value) > 0;
}

function isOfConstantVariables({ terms }: Affine, { locals }: Known): boolean {
  return [...terms.values()].every(
    ({ atom }) => atom.kind === 'variable' && !locals.has(atom.name),
  );
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
