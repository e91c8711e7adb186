/** What lowering asks about scalar types. */

import { dtypes, isFloat } from '@whittle/ir';
import { cast } from '../expr.js';
import type { Expr, ScalarType } from '../loop-ir.js';
import type { ElementType } from './rule.js';

/** Whether values of a type have a fraction. */
export function isFloatType(type: ScalarType): boolean {
  return type !== 'index' && isFloat(type);
}

export function isUnsignedType(type: ScalarType): boolean {
  return type !== 'index' && dtypes[type].kind === 'unsigned';
}

/** The type in which elements are computed: 16-bit floats arrive in registers as `float32`. */
export function arithmeticType(dtype: ElementType): ElementType {
  return dtype === 'float16' || dtype === 'bfloat16' ? 'float32' : dtype;
}

/** A function of floats, applied to integers by way of them. */
export function inFloat(x: Expr, f: (x: Expr) => Expr): Expr {
  return isFloatType(x.dtype) ? f(x) : cast(f(cast(x, 'float32')), x.dtype);
}
