/**
 * Pieces of JavaScript with the precedence of their outermost operator, so that parentheses stand
 * only where they must.
 *
 * Source: ECMA-262, section 13; the numbers count from the loosest.
 */

export interface Code {
  readonly text: string;
  readonly precedence: number;
}

/** The operators in use, by precedence. */
export const precedence = {
  conditional: 2,
  or: 3,
  and: 4,
  bitor: 5,
  bitxor: 6,
  bitand: 7,
  equality: 8,
  relational: 9,
  shift: 10,
  additive: 11,
  multiplicative: 12,
  unary: 14,
  primary: 20,
} as const;

export type Level = keyof typeof precedence;

/** A name, a call, a literal that is not negative: whatever never needs parentheses. */
export function primary(text: string): Code {
  return { text, precedence: precedence.primary };
}

/** A call of a function. */
export function call(name: string, ...args: readonly Code[]): Code {
  return primary(`${name}(${args.map(({ text }) => text).join(', ')})`);
}

/** `a operator b`; operators associate to the left. */
export function infix(a: Code, operator: string, level: Level, b: Code): Code {
  const own = precedence[level];
  return { text: `${within(a, own)} ${operator} ${within(b, own + 1)}`, precedence: own };
}

export function prefix(operator: '-' | '~' | '!', x: Code): Code {
  // Two minus signs in a row would be a decrement.
  const separate = operator === '-' && x.text.startsWith('-');
  const own = precedence.unary;
  return { text: `${operator}${separate ? `(${x.text})` : within(x, own)}`, precedence: own };
}

export function conditional(condition: Code, then: Code, otherwise: Code): Code {
  const own = precedence.conditional;
  const text = `${within(condition, own + 1)} ? ${within(then, own)} : ${within(otherwise, own)}`;
  return { text, precedence: own };
}

/** The text, in parentheses where its operator binds more loosely than `level`. */
function within({ text, precedence: inner }: Code, level: number): string {
  return inner < level ? `(${text})` : text;
}
