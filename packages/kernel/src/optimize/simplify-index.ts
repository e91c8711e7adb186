/**
 * Simplifies index arithmetic by what the loops around it say about their variables. Quotients and
 * remainders shed what divides evenly and vanish where the rest cannot reach the divisor; comparisons
 * that always hold, or never, decide their branch; a loop of one turn becomes its body.
 *
 *     for i in 0..8 {                               for i in 0..8 {
 *       for c in 0..96 {                              for c in 0..96 {
 *         let t = i * 96 + c;                   →       let t = i * 96 + c;
 *         y[t floordiv 96 + c * 2] =                    y[i + c * 2] = x[c];
 *           x[t floormod 96];                         }
 *       }                                           }
 *     }
 *
 * Source of the idea: Halide's `Simplify` with bounds, tinygrad's `symbolic` rules.
 */

import { literal, select } from '../expr.js';
import type { Binary, Expr, Kernel, Stmt } from '../loop-ir.js';
import { mapOperands, mapStmt, statementsIn } from '../traverse.js';
import { type Affine, affineOf, exprOfAffine } from './affine.js';
import { divideIndex, type KnownIndices } from './divide-index.js';
import { type Range, rangeOf, rangeOfLoop } from './range.js';
import { substitute } from './substitute.js';

export function simplifyIndex(kernel: Kernel): Kernel {
  const locals = new Set<string>();
  for (const stmt of statementsIn(kernel.body)) if (stmt.kind === 'local') locals.add(stmt.name);
  const known: Known = { locals, ranges: new Map(), sums: new Map() };
  return { ...kernel, body: simplifyBlock(kernel.body, known) };
}

interface Known extends KnownIndices {
  /** Variables that change: a name for a sum of them does not follow. */
  readonly locals: ReadonlySet<string>;
  readonly ranges: Map<string, Range>;
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
        ? divideIndex(op === 'div' ? 'floordiv' : 'floormod', a, Number(b.value), known)
        : expr;
    case 'floordiv':
    case 'floormod':
      return isDivisor(b) ? divideIndex(op, a, Number(b.value), known) : expr;
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

function differenceOf({ a, b }: Binary, { ranges }: Known): Range {
  return rangeOf({ kind: 'binary', op: 'sub', dtype: 'index', a, b }, ranges);
}

function isDivisor(expr: Expr): expr is Extract<Expr, { kind: 'literal' }> {
  return expr.kind === 'literal' && Number(expr.value) > 0;
}

function isOfConstantVariables({ terms }: Affine, { locals }: Known): boolean {
  return [...terms.values()].every(
    ({ atom }) => atom.kind === 'variable' && !locals.has(atom.name),
  );
}
