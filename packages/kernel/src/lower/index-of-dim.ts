/** Symbolic dims as index expressions. */

import { type Atom, type Dim, isBound } from '@whittle/ir';
import { add, binary, index, mul } from '../expr.js';
import type { BinaryOp, Expr } from '../loop-ir.js';

/** `nameOf` gives what a name stands for. */
export function indexOfDim(dim: Dim, nameOf: (name: string) => Expr): Expr {
  if (isBound(dim)) return index(dim);
  return dim.terms.reduce<Expr>((sum, { coefficient, atoms }) => {
    const product = atoms.reduce<Expr>(
      (factor, atom) => mul(factor, indexOfAtom(atom, nameOf)),
      index(coefficient),
    );
    return add(sum, product);
  }, index(0));
}

function indexOfAtom(atom: Atom, nameOf: (name: string) => Expr): Expr {
  if (atom.kind === 'name') return nameOf(atom.name);
  const [left, right] = [indexOfDim(atom.left, nameOf), indexOfDim(atom.right, nameOf)];
  return binary(operators[atom.kind], left, right);
}

const operators = {
  floordiv: 'floordiv',
  mod: 'floormod',
  max: 'max',
  min: 'min',
} as const satisfies Record<string, BinaryOp>;
