/** The values that an index can take, from the loops around it. */

import type { Expr, For } from '../loop-ir.js';
import { affineOf } from './affine.js';

/** Both ends belong to it; infinite where nothing is known. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

export type Ranges = ReadonlyMap<string, Range>;

const anyIndex: Range = { min: -Infinity, max: Infinity };

export function rangeOf(expr: Expr, ranges: Ranges): Range {
  const { constant, terms } = affineOf(expr);
  let [min, max] = [constant, constant];
  for (const { atom, coefficient } of terms.values()) {
    const range = rangeOfAtom(atom, ranges);
    const ends = [range.min * coefficient, range.max * coefficient];
    min += Math.min(...ends);
    max += Math.max(...ends);
  }
  return { min, max };
}

/** The values that a loop's variable takes; empty (min above max) where the loop never turns. */
export function rangeOfLoop({ start, end, step }: For, ranges: Ranges): Range {
  const from = rangeOf(start, ranges);
  const last = rangeOf(end, ranges).max - 1;
  const known = from.min === from.max && Number.isFinite(last);
  const max = known ? from.min + Math.floor((last - from.min) / step) * step : last;
  return { min: from.min, max };
}

function rangeOfAtom(atom: Expr, ranges: Ranges): Range {
  if (atom.kind === 'variable') return ranges.get(atom.name) ?? anyIndex;
  if (atom.kind === 'select') {
    const [a, b] = [rangeOf(atom.then, ranges), rangeOf(atom.otherwise, ranges)];
    return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
  }
  if (atom.kind === 'cast') return atom.x.dtype === 'bool' ? { min: 0, max: 1 } : anyIndex;
  if (atom.kind !== 'binary') return anyIndex;
  const [a, b] = [rangeOf(atom.a, ranges), rangeOf(atom.b, ranges)];
  switch (atom.op) {
    case 'min':
      return { min: Math.min(a.min, b.min), max: Math.min(a.max, b.max) };
    case 'max':
      return { min: Math.max(a.min, b.min), max: Math.max(a.max, b.max) };
    case 'mul':
      return rangeOfProduct(a, b);
    case 'floordiv':
      if (!(b.min > 0)) return anyIndex;
      return {
        min: Math.floor(Math.min(a.min / b.min, a.min / b.max)),
        max: Math.floor(Math.max(a.max / b.min, a.max / b.max)),
      };
    case 'floormod':
      if (!(b.min > 0)) return anyIndex;
      return { min: 0, max: Math.min(b.max - 1, a.min >= 0 ? a.max : Infinity) };
    default:
      return anyIndex;
  }
}

function rangeOfProduct(a: Range, b: Range): Range {
  const ends = [a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max];
  // Zero times an unknown end is not a number, and no bound.
  if (ends.some(Number.isNaN)) return anyIndex;
  return { min: Math.min(...ends), max: Math.max(...ends) };
}
