/**
 * Whether turns of a loop that run abreast may come to one element: one stores to it, and another
 * loads it or stores to it too, in an order that matters.
 *
 * Two accesses are at places that differ by a constant, or nothing is known of them. In loops inside,
 * a turn comes to several places; those of `y[i * 16 + j * 6 + c]` lie any multiple of 2 apart, for
 * each c, so that c and c + 2 may meet, and c and c + 1 may not.
 */

import { greatestCommonDivisor } from '@whittle/ir';
import { binary } from '../expr.js';
import type { Expr, For } from '../loop-ir.js';
import { expressionsIn, exprsOf, statementsIn } from '../traverse.js';
import { type Affine, affineOf, type Expand } from './affine.js';

/** Of `abreast` turns that follow each other; all indices are the same in them or grow by 1. */
export function mayMeet(loop: For, abreast: number): boolean {
  const stmts = [...statementsIn(loop.body)];
  const stores = stmts.flatMap((stmt) => (stmt.kind === 'store' ? [stmt] : []));
  const loads = stmts.flatMap(exprsOf).flatMap((expr) => [...expressionsIn(expr)]);
  const { expand, changes } = namesOf(loop);
  return stores.some(({ param, index: at }) => {
    const others = [
      ...stores.filter((other) => other.param === param).map((other) => other.index),
      ...loads.flatMap((part) =>
        part.kind === 'load' && part.param === param ? [part.index] : [],
      ),
    ];
    const apart = stepOf(affineOf(at, expand), changes);
    return others.some((other) => {
      const { constant, terms } = affineOf(binary('sub', other, at), expand);
      return terms.size > 0 || leastDistance(constant, apart) < abreast;
    });
  });
}

/** The least number of turns, but none, after which a place is `by` and a multiple of `step` away. */
function leastDistance(by: number, step: number): number {
  if (step === 0) return by === 0 ? Number.POSITIVE_INFINITY : Math.abs(by);
  const rest = ((by % step) + step) % step;
  return rest === 0 ? step : Math.min(rest, step - rest);
}

/** What an index changes by within a turn is a multiple of it; 0 where it does not change. */
function stepOf({ terms }: Affine, changes: (atom: Expr) => boolean): number {
  let step = 0;
  for (const { atom, coefficient } of terms.values()) {
    if (changes(atom)) step = greatestCommonDivisor(step, Math.abs(coefficient));
  }
  return step;
}

/** What the lets of a loop stand for, and which atoms of an index may change within a turn. */
function namesOf(loop: For): {
  readonly expand: Expand;
  readonly changes: (atom: Expr) => boolean;
} {
  const sums = new Map<string, Affine>();
  const changing = new Set<string>();
  const expand: Expand = (atom) => (atom.kind === 'variable' ? sums.get(atom.name) : undefined);
  const changes = (atom: Expr): boolean =>
    [...expressionsIn(atom)].some(
      (part) => part.kind === 'load' || (part.kind === 'variable' && changing.has(part.name)),
    );
  for (const stmt of statementsIn(loop.body)) {
    const isIndex = stmt.kind === 'let' && stmt.value.dtype === 'index';
    if (isIndex) sums.set(stmt.name, affineOf(stmt.value, expand));
    // A name that is part of a quotient or a product is not expanded there.
    if ('name' in stmt && !(isIndex && !changes(stmt.value))) changing.add(stmt.name);
  }
  return { expand, changes };
}
