/**
 * Pieces of WGSL with the precedence of their outermost operator. WGSL lets few operators stand beside
 * each other without parentheses, so that only sums, products and signs go without; and a comparison
 * as an argument might read as the list of a template, as in `f(a < b, c > d)`.
 *
 * Source: the WGSL specification, "Operator Precedence and Associativity" and "Template Lists".
 */

import { valueType, type WgslType } from './types.js';

export interface Code {
  readonly text: string;
  readonly precedence: number;
  /** Whether it is a vector with a value for each lane. */
  readonly lanes: boolean;
  /** Whether a compiler of WGSL would evaluate it, and refuse the shader where a result overflows. */
  readonly constant: boolean;
}

/** From the loosest on. */
export const precedence = {
  other: 0,
  additive: 1,
  multiplicative: 2,
  unary: 3,
  primary: 4,
} as const;

export type Level = keyof typeof precedence;

/** A name, a call, an element: whatever never needs parentheses. */
export function primary(text: string, lanes = false): Code {
  return { text, precedence: precedence.primary, lanes, constant: false };
}

export function call(name: string, args: readonly Code[], lanes = false): Code {
  const [only, ...more] = args.map((code) => within(code, precedence.additive));
  const all = more.length === 0 ? (args[0]?.text ?? '') : [only, ...more].join(', ');
  return primary(`${name}(${all})`, lanes);
}

/** `a operator b`; of sums and products, those on the left go without parentheses. */
export function infix(a: Code, operator: string, level: Level, b: Code): Code {
  const own = precedence[level];
  // What is neither a sum nor a product stands between operands that have no operator.
  const [left, right] = level === 'other' ? [precedence.unary, precedence.unary] : [own, own + 1];
  return {
    text: `${within(a, left)} ${operator} ${within(b, right)}`,
    precedence: own,
    lanes: a.lanes || b.lanes,
    constant: a.constant && b.constant,
  };
}

export function prefix(operator: '-' | '~' | '!', x: Code): Code {
  return {
    ...x,
    text: `${operator}${within(x, precedence.primary)}`,
    precedence: precedence.unary,
  };
}

/** The same value in all lanes. */
export function splat(code: Code, type: WgslType): Code {
  if (code.lanes) return code;
  const { constant } = code;
  return { ...call(valueType(type, true), [code], true), constant };
}

/** The text, in parentheses where its operator binds more loosely than `level`. */
function within({ text, precedence: inner }: Code, level: number): string {
  return inner < level ? `(${text})` : text;
}
