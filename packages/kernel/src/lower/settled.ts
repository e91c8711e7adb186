/**
 * Rounding what a kernel carries from op to op. Registers may hold more digits than a dtype has, and
 * an op whose result jumps makes one of them show: 10 · 0.7 is 7 in `float32`, and a little less in
 * double precision, whose floor is 6.
 */

import { cast } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { liesInMemory } from './axis-loops.js';
import type { Operand } from './rule.js';
import { arithmeticType, isFloatType } from './scalar-types.js';

/** An element as it would come out of memory; `x` is one of `operand`'s. */
export function settled(operand: Operand, x: Expr): Expr {
  const { dtype } = operand;
  if (liesInMemory(operand) || x.kind === 'literal' || !isFloatType(dtype)) return x;
  const rounded: Expr = { kind: 'cast', dtype, x };
  return cast(rounded, arithmeticType(dtype));
}
