/**
 * The elements that statements come to, as sums over loop variables, and whether two statements may come
 * to the same one where the order of the two matters.
 */

import type { Expr, For, Kernel, Stmt } from '../../loop-ir.js';
import { expressionsIn, exprsOf, keyOf, statementsIn } from '../../traverse.js';
import { type Affine, affineOf, type Term } from '../affine.js';
import { type Range, rangeOf, rangeOfLoop } from '../range.js';
import { canBeZero, type Unknown } from './index-search.js';

/** What is known of the indices of a kernel, whose names are unique. */
export interface KnownIndices {
  readonly loops: ReadonlyMap<string, LoopTurns>;
  /** What index lets stand for. */
  readonly sums: ReadonlyMap<string, Affine>;
  readonly ranges: ReadonlyMap<string, Range>;
}

/** A loop variable is `start + step * turn`, for `turns` turns; they may be infinitely many. */
interface LoopTurns {
  readonly start: number;
  readonly step: number;
  readonly turns: number;
}

export function knownIndices({ body }: Kernel): KnownIndices {
  const loops = new Map<string, LoopTurns>();
  const sums = new Map<string, Affine>();
  const ranges = new Map<string, Range>();
  const changing = new Set<string>();
  const stmts = [...statementsIn(body)];
  for (const stmt of stmts) if (stmt.kind === 'local') changing.add(stmt.name);
  for (const stmt of stmts) {
    if (stmt.kind === 'for') {
      const range = rangeOfLoop(stmt, ranges);
      ranges.set(stmt.name, range);
      loops.set(stmt.name, turnsOf(stmt, range));
    }
    if (stmt.kind === 'let' && stmt.value.dtype === 'index') {
      ranges.set(stmt.name, rangeOf(stmt.value, ranges));
      const sum = affineOf(stmt.value, (atom) => expanded(atom, sums));
      const isFixed = [...sum.terms.values()].every(({ atom }) => !mentions(atom, changing));
      if (isFixed) sums.set(stmt.name, sum);
    }
  }
  return { loops, sums, ranges };
}

function turnsOf({ start, step }: For, { min, max }: Range): LoopTurns {
  // Where a loop begins at a place that is not known, any number of the range may be its variable.
  if (start.kind !== 'literal') return { start: min, step: 1, turns: max - min + 1 };
  return { start: min, step, turns: Math.floor((max - min) / step) + 1 };
}

/** An element of a parameter that some statement loads or stores. */
interface Place {
  readonly param: string;
  readonly isStored: boolean;
  readonly sum: Affine;
}

/** Each place once. */
export function placesIn(stmts: readonly Stmt[], known: KnownIndices): readonly Place[] {
  const places = new Map<string, Place>();
  const add = (param: string, index: Expr, isStored: boolean): void => {
    const key = `${param} ${isStored} ${keyOf(index)}`;
    if (places.has(key)) return;
    places.set(key, { param, isStored, sum: affineOf(index, (at) => expanded(at, known.sums)) });
  };
  for (const stmt of statementsIn(stmts)) {
    if (stmt.kind === 'store') add(stmt.param, stmt.index, true);
    for (const expr of exprsOf(stmt)) {
      for (const part of expressionsIn(expr)) {
        if (part.kind === 'load') add(part.param, part.index, false);
      }
    }
  }
  return [...places.values()];
}

/** How two places are compared. */
export interface Comparison {
  /** Variables that are the same on both sides; all others take any of their values on each. */
  readonly same: ReadonlySet<string>;
  /** The loop whose turn is another on one side than on the other. */
  readonly apart?: string;
}

/** Whether some place of the first and some place of the second may be one element, and one is stored. */
export function mayShare(
  first: readonly Place[],
  second: readonly Place[],
  comparison: Comparison,
  known: KnownIndices,
): boolean {
  return first.some((a) =>
    second.some((b) => {
      if (a.param !== b.param || !(a.isStored || b.isStored)) return false;
      const difference = differenceOf(a.sum, b.sum, comparison, known);
      return difference === undefined || canBeZero(difference.constant, difference.unknowns);
    }),
  );
}

interface Difference {
  readonly constant: number;
  readonly unknowns: readonly Unknown[];
}

/** Undefined where it is no sum over what is known. */
function differenceOf(
  a: Affine,
  b: Affine,
  comparison: Comparison,
  known: KnownIndices,
): Difference | undefined {
  let constant = a.constant - b.constant;
  const unknowns: Unknown[] = [];
  for (const key of new Set([...a.terms.keys(), ...b.terms.keys()])) {
    const [x, y] = [a.terms.get(key), b.terms.get(key)];
    const part = differenceOfTerms(x, y, comparison, known);
    if (part === undefined) return undefined;
    constant += part.constant;
    unknowns.push(...part.unknowns);
  }
  return { constant, unknowns };
}

function differenceOfTerms(
  x: Term | undefined,
  y: Term | undefined,
  { same, apart }: Comparison,
  { loops, ranges }: KnownIndices,
): Difference | undefined {
  const atom = x?.atom ?? y?.atom;
  if (atom === undefined) return { constant: 0, unknowns: [] };
  const [p, q] = [x?.coefficient ?? 0, y?.coefficient ?? 0];
  const loop = atom.kind === 'variable' ? loops.get(atom.name) : undefined;
  const isApart = atom.kind === 'variable' && atom.name === apart;
  if (isApart && loop === undefined) return undefined;
  const isSame = !isApart && [...variablesIn(atom)].every((name) => same.has(name));
  if (isSame && p === q && !readsMemory(atom)) return { constant: 0, unknowns: [] };
  const { start, step, turns } = loop ?? turnsOfAtom(atom, ranges);
  if (!Number.isFinite(turns)) return undefined;
  const last = turns - 1;
  if (p === q) {
    const whole = { coefficient: p * step, min: -last, max: last };
    return { constant: 0, unknowns: [isApart ? { ...whole, isNotZero: true } : whole] };
  }
  const one = (coefficient: number): Unknown => ({ coefficient, min: 0, max: last });
  const unknowns = isSame ? [one((p - q) * step)] : [one(p * step), one(-q * step)];
  return { constant: (p - q) * start, unknowns };
}

/** Anything that has a range takes all of its values. */
function turnsOfAtom(atom: Expr, ranges: KnownIndices['ranges']): LoopTurns {
  const { min, max } = rangeOf(atom, ranges);
  return { start: min, step: 1, turns: max - min + 1 };
}

function expanded(atom: Expr, sums: ReadonlyMap<string, Affine>): Affine | undefined {
  return atom.kind === 'variable' ? sums.get(atom.name) : undefined;
}

function* variablesIn(expr: Expr): Generator<string> {
  for (const part of expressionsIn(expr)) if (part.kind === 'variable') yield part.name;
}

function readsMemory(expr: Expr): boolean {
  return [...expressionsIn(expr)].some(({ kind }) => kind === 'load');
}

function mentions(expr: Expr, names: ReadonlySet<string>): boolean {
  return [...variablesIn(expr)].some((name) => names.has(name)) || readsMemory(expr);
}
