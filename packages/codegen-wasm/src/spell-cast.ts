/** Conversions between scalar types. */

import type { Cast, ScalarType } from '@whittle/kernel';
import type { Expr } from './assembler/expr.js';
import { call } from './assembler/expressions.js';
import { constantOf, opByName } from './op-by-name.js';
import { wrap } from './operators.js';
import type { UsedFunctions } from './used-functions.js';
import { type Representation, representationOf } from './value-types.js';

export function spellCast({ dtype, x }: Cast, value: Expr, functions: UsedFunctions): Expr {
  const from = representationOf(x.dtype);
  switch (representationOf(dtype).family) {
    case 'bool':
      if (from.family === 'bool') return value;
      return opByName(`${from.type}.ne`, value, constantOf(from.type, 0));
    case 'integer':
      return wrap(toInteger(value, from, dtype), dtype);
    case 'float':
      return toFloat(value, from, dtype, functions);
  }
}

/** A float saturates at 32 bits, signed unless the dtype itself is uint32, and then wraps. */
function toInteger(value: Expr, from: Representation, dtype: ScalarType): Expr {
  const { type } = representationOf(dtype);
  if (from.family === 'float') {
    const sign = dtype === 'uint32' || dtype === 'uint64' ? 'u' : 's';
    return opByName(`${type}.trunc_sat_${from.type}_${sign}`, value);
  }
  if (from.type === type) return value;
  return opByName(type === 'i32' ? 'i32.wrap_i64' : `i64.extend_i32_${from.sign}`, value);
}

function toFloat(
  value: Expr,
  from: Representation,
  dtype: ScalarType,
  functions: UsedFunctions,
): Expr {
  if (dtype === 'float64') return toFloat64(value, from);
  if (dtype === 'float32') return toFloat32(value, from);
  const near =
    from.type === 'f32'
      ? value
      : call('f32', functions.helper('demote.odd'), toFloat64(value, from));
  const encoded = call('i32', functions.helper(`encode.${dtype}`), near);
  return call('f32', functions.helper(`decode.${dtype}`), encoded);
}

function toFloat64(value: Expr, from: Representation): Expr {
  if (from.type === 'f64') return value;
  if (from.type === 'f32') return opByName('f64.promote_f32', value);
  return opByName(`f64.convert_${from.type}_${from.sign}`, value);
}

/** Integers of 64 bits go through f64, as on every target. */
function toFloat32(value: Expr, from: Representation): Expr {
  if (from.type === 'f32') return value;
  if (from.type === 'i32') return opByName(`f32.convert_i32_${from.sign}`, value);
  return opByName('f32.demote_f64', toFloat64(value, from));
}

/** What lies in memory for a value: 16-bit floats as their bits. */
export function encodeElement(value: Expr, dtype: ScalarType, functions: UsedFunctions): Expr {
  if (dtype !== 'float16' && dtype !== 'bfloat16') return value;
  return call('i32', functions.helper(`encode.${dtype}`), value);
}

/** The value of what lies in memory; any byte but zero is true. */
export function decodeElement(element: Expr, dtype: ScalarType, functions: UsedFunctions): Expr {
  switch (dtype) {
    case 'float16':
    case 'bfloat16':
      return call('f32', functions.helper(`decode.${dtype}`), element);
    case 'bool':
      return opByName('i32.ne', element, constantOf('i32', 0));
    default:
      return element;
  }
}
