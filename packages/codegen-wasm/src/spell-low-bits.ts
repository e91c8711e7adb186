/**
 * Integers of which only the low bits count, as those that are stored as bytes. A float that is rounded, and
 * known to be small, needs no conversion: a sum of 1.5 · 2^23 and a number has no room for a fraction, so that
 * the addition rounds, half to even, and the low bits of the sum are those of the integer.
 */

import { type Cast, type Expr, isLiteral } from '@whittle/kernel';
import { op } from './assembler/expressions.js';
import type { KernelScope } from './kernel-scope.js';
import { spellVector } from './spell-vector.js';
import { splatConst } from './vector-constants.js';
import type { Vector } from './vector-operators.js';

/** A vector of int32 with the same low 16 bits. */
export function spellLowBits(expr: Expr, scope: KernelScope): Vector {
  if (expr.kind === 'binary' && expr.op === 'add') {
    return op('i32x4.add', spellLowBits(expr.a, scope), spellLowBits(expr.b, scope));
  }
  const small = expr.kind === 'cast' ? smallRounded(expr) : undefined;
  if (small === undefined) return spellVector(expr, scope);
  return op('f32x4.add', spellVector(small, scope), splatConst('float32', 1.5 * 2 ** 23));
}

/** The `x` of `int32(round(x))`, of a float whose size is bounded. NaN has no low bits, nor has its sum. */
function smallRounded({ x }: Cast): Expr | undefined {
  if (x.kind !== 'unary' || x.op !== 'round' || x.x.dtype !== 'float32') return undefined;
  const { x: inside } = x;
  if (inside.kind !== 'binary' || inside.op !== 'min' || !isSmall(inside.b)) return undefined;
  const { a: above } = inside;
  return above.kind === 'binary' && above.op === 'max' && isSmall(above.b) ? inside : undefined;
}

function isSmall(bound: Expr): boolean {
  return isLiteral(bound) && Math.abs(Number(bound.value)) < 2 ** 21;
}
