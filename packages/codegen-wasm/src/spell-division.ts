/** Division of integers by positive literals, which needs neither checks nor a helper. */

import { type Binary, type BinaryOp, rangeOf } from '@whittle/kernel';
import type { Expr } from './assembler/expr.js';
import type { KernelScope } from './kernel-scope.js';
import { constantOf, opByName } from './op-by-name.js';
import { representationOf } from './value-types.js';

const instructions: Partial<Record<BinaryOp, 'div' | 'rem'>> = {
  div: 'div',
  floordiv: 'div',
  rem: 'rem',
  floormod: 'rem',
};

/** Undefined where the expression is no such division. */
export function spellDivision(
  { op, a, b }: Binary,
  [x, by]: readonly [Expr, Expr],
  scope: KernelScope,
): Expr | undefined {
  const instruction = instructions[op];
  const { type, family, sign } = representationOf(a.dtype);
  if (instruction === undefined || family !== 'integer') return undefined;
  if (b.kind !== 'literal' || b.value <= 0) return undefined;
  const isNatural = sign === 'u' || (a.dtype === 'index' && rangeOf(a, scope.ranges).min >= 0);
  if (isNatural) return opByName(`${type}.${instruction}_u`, x, by);
  if (op === 'div' || op === 'rem') return opByName(`${type}.${instruction}_s`, x, by);
  // All ones where the argument is negative, otherwise zero.
  const signMask = (value: Expr): Expr =>
    opByName(`${type}.shr_s`, value, constantOf(type, type === 'i64' ? 63 : 31));
  if (op === 'floordiv') {
    const { first, again } = scope.share(x);
    const quotient = opByName(`${type}.div_s`, first, by);
    return opByName(`${type}.add`, quotient, signMask(opByName(`${type}.rem_s`, again, by)));
  }
  const { first, again } = scope.share(opByName(`${type}.rem_s`, x, by));
  return opByName(`${type}.add`, first, opByName(`${type}.and`, signMask(again), by));
}
