/** Ops whose names are put together from a type and a word, as tables of ops need them. */

import { CompilerError } from '@whittle/kernel';
import { f32Const, f64Const, i32Const, i64Const } from './assembler/constants.js';
import type { Expr } from './assembler/expr.js';
import { op } from './assembler/expressions.js';
import type { ValueType } from './assembler/value-type.js';
import type { NumberType } from './value-types.js';

/** An op by a name that is computed: the encoder checks what the compiler cannot. */
export const opByName = op as unknown as (name: string, ...operands: readonly Expr[]) => Expr;

/** The same expression, where it is known to be an i32. */
export function asI32(expr: Expr): Expr<'i32'> {
  if (isOfType(expr, 'i32')) return expr;
  throw new CompilerError('E_INTERNAL', `An i32 is wanted where a value is of ${expr.type}.`);
}

/** A constant of a type that is computed. */
export function constantOf(type: NumberType, value: number): Expr {
  switch (type) {
    case 'i32':
      return i32Const(value);
    case 'i64':
      return i64Const(BigInt(value));
    case 'f32':
      return f32Const(value);
    case 'f64':
      return f64Const(value);
  }
}

function isOfType<T extends ValueType>(expr: Expr, type: T): expr is Expr<T> {
  return expr.type === type;
}
