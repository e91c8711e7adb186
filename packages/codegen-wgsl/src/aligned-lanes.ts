/**
 * Which slots can be arrays of vectors: all vectors that a kernel loads or stores there, side by side,
 * begin at a multiple of four elements, and no element is stored alone. The place of such a vector, in
 * vectors, is its index divided by four, and the division is carried out here, on the sum that it is:
 *
 *     y[i * 96 + c + 8]      →      s0[i * 24 + c_by4 + 2]
 *
 * Vocabulary: the *multiple* of an index is a number that divides all its values, 0 where all are 0; the
 * *quarter* of a variable is a variable of its own, declared beside it.
 */

import {
  affineOf,
  binary,
  type Expr,
  expressionsIn,
  exprOfAffine,
  exprsOf,
  type For,
  index,
  isLiteral,
  type Kernel,
  type LaneTypes,
  laneTypesOf,
  memoriesOf,
  mul,
  rampOf,
  type Stmt,
  variable,
} from '@whittle/kernel';
import type { ShaderParams } from './shader-params.js';
import { isOfElements, laneCount } from './types.js';

/** By the names of variables; those of which nothing is known are left out. */
export type Multiples = ReadonlyMap<string, number>;

/** Variables that have one value only, as that of a loop whose lanes are all its turns. */
export type FixedIndices = ReadonlyMap<string, number>;

export interface AlignedLanes {
  /** By their numbers. */
  readonly vectorSlots: ReadonlySet<number>;
  readonly multiples: Multiples;
}

/** @throws what `fail` throws, where a loop cannot run in lanes. */
export function alignedLanes(kernel: Kernel, { slots, params }: ShaderParams): AlignedLanes {
  const multiples = new Map<string, number>();
  const aligned = new Set<number>();
  const refused = new Set(slots.flatMap((slot, i) => (isOfElements(slot) ? [] : [i])));
  const see = (param: string, at: Expr, lanes: LaneTypes | undefined, stores: boolean): void => {
    const placed = params.get(param);
    if (placed === undefined) return;
    const ramp = lanes === undefined ? 0 : rampOf(at, lanes);
    const multiple = greatestCommonDivisor(multipleOf(at, multiples), placed.offset);
    if (ramp !== 1) {
      if (stores) refused.add(placed.slot);
    } else if (multiple % laneCount === 0) aligned.add(placed.slot);
    else refused.add(placed.slot);
  };
  const block = (stmts: readonly Stmt[], lanes: LaneTypes | undefined): void => {
    for (const stmt of stmts) {
      for (const expr of exprsOf(stmt)) {
        for (const part of expressionsIn(expr)) {
          if (part.kind === 'load') see(part.param, part.index, lanes, false);
        }
      }
      if (stmt.kind === 'store') see(stmt.param, stmt.index, lanes, true);
      if (stmt.kind === 'let' && stmt.value.dtype === 'index') {
        multiples.set(stmt.name, multipleOf(stmt.value, multiples));
      }
      if (stmt.kind === 'if') {
        block(stmt.then, lanes);
        block(stmt.otherwise, lanes);
      }
      if (stmt.kind === 'for') {
        multiples.set(stmt.name, multipleOfLoop(stmt, multiples));
        const own =
          stmt.lanes === undefined
            ? undefined
            : laneTypesOf(stmt, memoriesOf(kernel), { halves: true });
        block(stmt.body, typeof own === 'object' ? own : lanes);
      }
    }
  };
  block(kernel.body, undefined);
  return { vectorSlots: new Set([...aligned].filter((slot) => !refused.has(slot))), multiples };
}

/** Of the variable, in the first lane where there are several. */
function multipleOfLoop({ start, step, lanes }: For, multiples: Multiples): number {
  return greatestCommonDivisor(multipleOf(start, multiples), step * (lanes ?? 1));
}

function multipleOf(expr: Expr, multiples: Multiples): number {
  const { constant, terms } = affineOf(expr);
  let multiple = Math.abs(constant);
  for (const { atom, coefficient } of terms.values()) {
    multiple = greatestCommonDivisor(multiple, coefficient * multipleOfAtom(atom, multiples));
  }
  return multiple;
}

function multipleOfAtom(atom: Expr, multiples: Multiples): number {
  if (atom.kind === 'variable') return multiples.get(atom.name) ?? 1;
  const both = (a: Expr, b: Expr): number =>
    greatestCommonDivisor(multipleOf(a, multiples), multipleOf(b, multiples));
  if (atom.kind === 'select') return both(atom.then, atom.otherwise);
  if (atom.kind !== 'binary') return 1;
  const { op, a, b } = atom;
  if (op === 'mul') return multipleOf(a, multiples) * multipleOf(b, multiples);
  // A remainder is what divides evenly, less what does.
  const keeps = op === 'min' || op === 'max' || op === 'floormod' || op === 'rem';
  return keeps ? both(a, b) : 1;
}

/** An index in vectors, and the lane that it is of; undefined where the lane is not known. */
export interface VectorPlace {
  readonly vector: Expr;
  readonly lane: number;
}

export function vectorPlaceOf(
  at: Expr,
  multiples: Multiples,
  fixed: FixedIndices,
): VectorPlace | undefined {
  const { constant, terms } = affineOf(at, expandFixed(fixed));
  const quarters = new Map<string, { atom: Expr; coefficient: number }>();
  for (const [key, { atom, coefficient }] of terms) {
    if (coefficient % laneCount === 0) {
      quarters.set(key, { atom, coefficient: coefficient / laneCount });
      continue;
    }
    const multiple = multipleOfAtom(atom, multiples);
    if ((coefficient * multiple) % laneCount !== 0) return undefined;
    const whole = atom.kind === 'variable' && multiple % laneCount === 0;
    quarters.set(
      key,
      whole
        ? { atom: variable(quarterOf(atom.name), 'index'), coefficient }
        : {
            atom: binary('floordiv', mul(atom, index(coefficient)), index(laneCount)),
            coefficient: 1,
          },
    );
  }
  const whole = Math.floor(constant / laneCount);
  return {
    vector: exprOfAffine({ constant: whole, terms: quarters }),
    lane: constant - whole * laneCount,
  };
}

/** What stands for variables with one value in `affineOf`. */
export function expandFixed(fixed: FixedIndices): Parameters<typeof affineOf>[1] {
  return (atom) => {
    const constant = atom.kind === 'variable' ? fixed.get(atom.name) : undefined;
    return constant === undefined ? undefined : { constant, terms: new Map() };
  };
}

/** The variable that holds a quarter of another; no variable of a kernel has such a name. */
export function quarterOf(name: string): string {
  return `${name} by ${laneCount}`;
}

/** Whether a variable has a quarter. */
export function hasQuarter(name: string, multiples: Multiples): boolean {
  return (multiples.get(name) ?? 1) % laneCount === 0;
}

/** The value of the loop's variable where its lanes are all its turns, from a constant on. */
export function fixedValue({ start, end, lanes }: For): number | undefined {
  if (lanes === undefined || !isLiteral(start) || !isLiteral(end)) return undefined;
  return Number(end.value) - Number(start.value) === lanes ? Number(start.value) : undefined;
}

function greatestCommonDivisor(a: number, b: number): number {
  let [x, y] = [Math.abs(a), Math.abs(b)];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}
