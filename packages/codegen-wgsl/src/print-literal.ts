/** Numbers as WGSL constants. */

import type { Literal } from '@whittle/kernel';
import { type Code, precedence, primary } from './code.js';
import { floatText } from './float-text.js';
import { wgslTypeOf } from './types.js';
import type { UseHelper } from './wgsl-helpers.js';

/**
 * What lies outside of a type becomes its nearest value: a 64-bit integer is held in 32 bits, and such
 * literals are bounds. Infinities and NaN are no constants in WGSL; helpers give them.
 */
export function printLiteral(
  { dtype, value }: Pick<Literal, 'dtype' | 'value'>,
  helper: UseHelper,
): Code {
  switch (wgslTypeOf(dtype)) {
    case 'bool':
      return constant(value ? 'true' : 'false');
    case 'f32':
      return printFloat(Math.fround(Number(value)), helper);
    case 'u32':
      return constant(`${clamp(value, 0, 2 ** 32 - 1)}u`);
    case 'i32': {
      const suffix = dtype === 'index' ? '' : 'i';
      const clamped = clamp(value, -(2 ** 31), 2 ** 31 - 1);
      // The digits without their sign would be out of range.
      if (clamped === -(2 ** 31)) return constant(`i32(${clamped})`);
      return constant(`${clamped}${suffix}`);
    }
  }
}

function printFloat(value: number, helper: UseHelper): Code {
  if (Number.isNaN(value)) return primary(`${helper('not_a_number')}()`);
  if (!Number.isFinite(value)) {
    const infinity = `${helper('infinity')}()`;
    return value > 0
      ? primary(infinity)
      : { ...primary(`-${infinity}`), precedence: precedence.unary };
  }
  return constant(`${floatText(value)}f`);
}

function clamp(value: number | bigint, low: number, high: number): number {
  return Number(value) < low ? low : Number(value) > high ? high : Number(value);
}

function constant(text: string): Code {
  const level = text.startsWith('-') ? precedence.unary : precedence.primary;
  return { text, precedence: level, lanes: false, constant: true };
}
