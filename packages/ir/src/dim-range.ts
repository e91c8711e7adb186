/**
 * What a dim can come to, where the most that its names stand for is known. By interval arithmetic, so
 * that a bound is not always reached: `n - n` has gone by then, but `max(n - 4, 0)` less `n` has not.
 */

import { type Atom, type Dim, isBound } from './dim.js';

/** Both ends belong to it. */
interface DimRange {
  readonly min: number;
  readonly max: number;
}

/**
 * The most that a dim can be, each name being 0 to the number that `most` gives for it; undefined where it
 * gives none, or no number bounds the dim.
 */
export function mostOfDim(dim: Dim, most: ReadonlyMap<string, number>): number | undefined {
  const max = rangeOfDim(dim, most)?.max;
  return max === undefined || !Number.isSafeInteger(max) ? undefined : Math.max(max, 0);
}

function rangeOfDim(dim: Dim, most: ReadonlyMap<string, number>): DimRange | undefined {
  if (isBound(dim)) return { min: dim, max: dim };
  let sum: DimRange = { min: 0, max: 0 };
  for (const { coefficient, atoms } of dim.terms) {
    let product: DimRange = { min: coefficient, max: coefficient };
    for (const atom of atoms) {
      const range = rangeOfAtom(atom, most);
      if (range === undefined) return undefined;
      product = hullOf(product, range, (a, b) => a * b);
    }
    sum = { min: sum.min + product.min, max: sum.max + product.max };
  }
  return sum;
}

function rangeOfAtom(atom: Atom, most: ReadonlyMap<string, number>): DimRange | undefined {
  if (atom.kind === 'name') {
    const max = most.get(atom.name);
    return max === undefined ? undefined : { min: 0, max };
  }
  const left = rangeOfDim(atom.left, most);
  const right = rangeOfDim(atom.right, most);
  if (left === undefined || right === undefined) return undefined;
  switch (atom.kind) {
    case 'max':
      return { min: Math.max(left.min, right.min), max: Math.max(left.max, right.max) };
    case 'min':
      return { min: Math.min(left.min, right.min), max: Math.min(left.max, right.max) };
    case 'floordiv':
      return right.min > 0 ? hullOf(left, right, (a, b) => Math.floor(a / b)) : undefined;
    case 'mod':
      return right.min > 0 ? { min: 0, max: right.max - 1 } : undefined;
  }
}

/** The range of a function that goes one way in each operand, from the ends of the two. */
function hullOf(a: DimRange, b: DimRange, of: (a: number, b: number) => number): DimRange {
  const ends = [of(a.min, b.min), of(a.min, b.max), of(a.max, b.min), of(a.max, b.max)];
  return { min: Math.min(...ends) + 0, max: Math.max(...ends) + 0 };
}
