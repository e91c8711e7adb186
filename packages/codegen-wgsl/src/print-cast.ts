/** Conversions between scalar types, of one value or of one in each lane. */

import type { ScalarType } from '@whittle/kernel';
import { type Code, call, infix, prefix, primary, splat } from './code.js';
import { wrap } from './operators.js';
import { valueType, type WgslType, wgslTypeOf } from './types.js';
import type { UseHelper } from './wgsl-helpers.js';

export function printCast(code: Code, from: ScalarType, to: ScalarType, helper: UseHelper): Code {
  const [source, target] = [wgslTypeOf(from), wgslTypeOf(to)];
  if (target === 'bool') return convert(code, source, target);
  if (target === 'f32') {
    const isLarge = from === 'uint32' || from === 'uint64';
    const float = isLarge
      ? call(helper('u32_to_f32', code.lanes), [code], code.lanes)
      : convert(code, source, target);
    return roundTo(to, float, helper);
  }
  if (source !== 'f32') return wrapUnlessBool(convert(code, source, target), from, to);
  // A float is clamped to 32 bits, which then wrap; only those of uint32 and wider know no sign.
  const whole = to === 'uint32' || to === 'uint64' ? 'u32' : 'i32';
  const truncated = call(helper(`f32_to_${whole}`, code.lanes), [code], code.lanes);
  return wrap(convert(truncated, whole, target), to);
}

/** As WGSL converts: integers keep their bits, and true is 1. */
export function convert(code: Code, from: WgslType, to: WgslType): Code {
  if (from === to) return code;
  if (to !== 'bool') return call(valueType(to, code.lanes), [code], code.lanes);
  const zero = primary({ f32: '0.0f', i32: '0i', u32: '0u' }[from as Exclude<WgslType, 'bool'>]);
  const right = code.lanes ? splat(zero, from) : zero;
  // NaN is true, and would not differ from 0 by `!=`.
  return from === 'f32'
    ? prefix('!', infix(code, '==', 'other', right))
    : infix(code, '!=', 'other', right);
}

function wrapUnlessBool(code: Code, from: ScalarType, to: ScalarType): Code {
  return from === 'bool' || from === to ? code : wrap(code, to);
}

/** A float as its dtype holds it. */
function roundTo(dtype: ScalarType, code: Code, helper: UseHelper): Code {
  if (dtype === 'float16') return call(helper('round_to_f16'), [code]);
  if (dtype === 'bfloat16') return call(helper('round_to_bf16'), [code]);
  return code;
}
