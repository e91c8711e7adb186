/**
 * Arithmetic over known elements, as far as it holds for every binding of names to sizes. Where it
 * does not, or where a whole number would meet a fraction, the result is undefined.
 */

import { addDims, type Dim, dimEquals, floorDivDims, isBound, mulDims } from '../dim.js';

/** Whether every binding of names to sizes gives a number that is not negative. */
export function isNonNegative(dim: Dim): boolean {
  if (isBound(dim)) return dim >= 0;
  return dim.terms.every(
    ({ coefficient, atoms }) =>
      coefficient >= 0 &&
      atoms.every((atom) => {
        if (atom.kind === 'name') return true;
        const left = isNonNegative(atom.left);
        const right = isNonNegative(atom.right);
        return atom.kind === 'max' ? left || right : left && right;
      }),
  );
}

/** Integer division that drops the fraction; undefined where the sign of a name decides. */
export function divideElements(a: Dim, b: Dim): Dim | undefined {
  if (isBound(a) && isBound(b)) return b === 0 ? undefined : Math.trunc(a / b);
  if (b === 0) return undefined;
  return isNonNegative(a) && isNonNegative(b) ? floorDivDims(a, b) : undefined;
}

export function multiplyElements(a: Dim, b: Dim): Dim | undefined {
  return mixFraction(a, b) ? undefined : mulDims(a, b);
}

export function sumElements(a: Dim, b: Dim): Dim | undefined {
  return mixFraction(a, b) ? undefined : addDims(a, b);
}

/** Whether one is a fraction and the other symbolic: dims have whole coefficients only. */
function mixFraction(a: Dim, b: Dim): boolean {
  const isFraction = (dim: Dim) => isBound(dim) && !Number.isInteger(dim);
  return (isFraction(a) && !isBound(b)) || (isFraction(b) && !isBound(a));
}

/** Whether two elements are equal: 1, 0, or undefined where a binding decides. */
export function equalElements(a: Dim, b: Dim): Dim | undefined {
  if (dimEquals(a, b)) return 1;
  if (isBound(a) && isBound(b)) return 0;
  const impossible = (dim: Dim) => isBound(dim) && (dim < 0 || !Number.isInteger(dim));
  if ((impossible(a) && isNonNegative(b)) || (impossible(b) && isNonNegative(a))) return 0;
  return undefined;
}
