/**
 * The words of the text form. Ops with a sign are infix and bind as in C; every other op is a call:
 * `max(a, b)`, `exp(x)`, `neg(x)`. A cast is a call of the type, `f32(x)`.
 *
 * Literals: a plain integer is an index and a plain decimal float32; other types follow the digits, as
 * in `3i32`, `0.5f64`, `7u64`. A minus sign belongs to the literal.
 */

import { type DType, dtypeFromShort, dtypes, quoteText } from '@whittle/ir';
import type { BinaryOp, ScalarType } from '../loop-ir.js';

export interface Infix {
  readonly sign: string;
  /** The higher, the tighter; all associate to the left. */
  readonly level: number;
}

export const infixes: Partial<Readonly<Record<BinaryOp, Infix>>> = {
  or: { sign: 'or', level: 1 },
  xor: { sign: 'xor', level: 2 },
  and: { sign: 'and', level: 3 },
  eq: { sign: '==', level: 4 },
  ne: { sign: '!=', level: 4 },
  lt: { sign: '<', level: 5 },
  le: { sign: '<=', level: 5 },
  gt: { sign: '>', level: 5 },
  ge: { sign: '>=', level: 5 },
  bitor: { sign: '|', level: 6 },
  bitxor: { sign: '^', level: 7 },
  bitand: { sign: '&', level: 8 },
  shl: { sign: '<<', level: 9 },
  shr: { sign: '>>', level: 9 },
  add: { sign: '+', level: 10 },
  sub: { sign: '-', level: 10 },
  mul: { sign: '*', level: 11 },
  div: { sign: '/', level: 11 },
  rem: { sign: '%', level: 11 },
  floordiv: { sign: 'floordiv', level: 11 },
  floormod: { sign: 'floormod', level: 11 },
};

/** `nan` and `inf` are float32; `nan_f64` and the like are other floats. */
export const specialFloat = /^(nan|inf)(?:_(bf16|f\d+))?$/;

const reserved: ReadonlySet<string> = new Set([
  ...[
    'for',
    'in',
    'step',
    'lanes',
    'let',
    'local',
    'if',
    'else',
    'true',
    'false',
    'kernel',
    'repeat',
  ],
  ...['or', 'xor', 'and', 'floordiv', 'floormod'],
]);

/** A name of a kernel, parameter or variable: bare where it is a plain word, else `$"…"`. */
export function formatName(name: string): string {
  const bare = /^[A-Za-z_]\w*$/.test(name) && !reserved.has(name) && !specialFloat.test(name);
  return bare ? name : `$${quoteText(name)}`;
}

/** `%b0`, or `%"odd name"`. */
export function formatBuffer(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `%${name}` : `%${quoteText(name)}`;
}

export function formatScalarType(dtype: ScalarType): string {
  return dtype === 'index' ? 'index' : dtypes[dtype].short;
}

/** The scalar type of a word, or undefined. */
export function scalarTypeFrom(word: string): ScalarType | undefined {
  return word === 'index' ? 'index' : elementTypeFrom(word);
}

export function elementTypeFrom(word: string): Exclude<DType, 'string'> | undefined {
  const dtype = dtypeFromShort(word);
  return dtype === 'string' ? undefined : dtype;
}
