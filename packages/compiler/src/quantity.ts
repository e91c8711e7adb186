/** Costs as reports show them: numbers, or texts where dims have no number. */

import { addDims, CompilerError, countAtoms, type Dim, formatDim, isBound } from '@whittle/ir';

/** A number, or a text where it depends on dims without a number; undefined where it is unknown. */
export type Quantity = number | string | undefined;

export function quantity(dim: Dim | undefined): Quantity {
  return dim === undefined || isBound(dim) ? dim : formatDim(dim);
}

/** A sum of more different names than this tells nobody anything. */
const maxAtoms = 64;

/** Unknown where one of them is, or where the sum would be too long to read. */
export function sumDims(dims: readonly (Dim | undefined)[]): Dim | undefined {
  return unlessTooLong(() => {
    let total: Dim = 0;
    for (const dim of dims) {
      if (dim === undefined) return undefined;
      if (dim === 0) continue;
      total = addDims(total, dim);
      if (countAtoms(total) > maxAtoms) return undefined;
    }
    return total;
  });
}

/** Unknown where a cost has more terms than a dim may have: counting is no reason to refuse a model. */
export function unlessTooLong(cost: () => Dim | undefined): Dim | undefined {
  try {
    return cost();
  } catch (error) {
    if (error instanceof CompilerError && error.code === 'E_LIMIT_COUNT') return undefined;
    throw error;
  }
}
