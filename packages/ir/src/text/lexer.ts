/**
 * Splits the text form into tokens, one ahead of the parser. White space and line breaks only
 * separate; `#` starts a comment that ends with the line.
 *
 * Time is linear, whatever the length of a name or string: long strings are found by `indexOf`.
 */

import { CompilerError } from '../errors.js';
import { bareValueName, bareWord } from './quote.js';

export type TokenKind =
  | 'word'
  | 'value'
  | 'node name'
  | 'string'
  | 'int'
  | 'float'
  | 'symbol'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** A name or string decoded; a number, word or symbol as written. */
  readonly text: string;
  readonly offset: number;
}

export class Lexer {
  readonly #text: string;
  #offset = 0;
  #ahead: Token | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  peek(): Token {
    this.#ahead ??= this.#read();
    return this.#ahead;
  }

  next(): Token {
    const token = this.peek();
    this.#ahead = undefined;
    return token;
  }

  /** Consumes the next token if it is this one. */
  take(kind: TokenKind, text: string): boolean {
    const { kind: kindAhead, text: textAhead } = this.peek();
    if (kindAhead !== kind || textAhead !== text) return false;
    this.next();
    return true;
  }

  /** The text of the next token, which must be of this kind, and be `text` where that is given. */
  expect(kind: TokenKind, text?: string): string {
    const token = this.peek();
    if (token.kind !== kind || (text !== undefined && token.text !== text)) {
      return this.expected(
        text === undefined ? `${kind === 'int' ? 'an' : 'a'} ${kind}` : `'${text}'`,
      );
    }
    return this.next().text;
  }

  /** A word or a string, for names that are quoted only where they must be. */
  expectName(what: string): string {
    const { kind } = this.peek();
    return kind === 'word' || kind === 'string' ? this.next().text : this.expected(what);
  }

  /** @throws {CompilerError} `E_INVALID_TEXT` at the next token. */
  expected(what: string): never {
    const token = this.peek();
    const found = token.kind === 'end' ? 'the end of the text' : describe(token);
    return this.fail(`expected ${what}, found ${found}`, token.offset);
  }

  /** @throws {CompilerError} `E_INVALID_TEXT` at `offset`. */
  fail(message: string, offset: number): never {
    throw new CompilerError('E_INVALID_TEXT', `${this.position(offset)}: ${message}`);
  }

  /** `line 3, column 7`, both counted from 1. */
  position(offset: number): string {
    const before = this.#text.slice(0, offset);
    const line = before.split('\n').length;
    return `line ${line}, column ${offset - before.lastIndexOf('\n')}`;
  }

  #read(): Token {
    this.#skipBlank();
    const offset = this.#offset;
    const character = this.#text[offset];
    if (character === undefined) return { kind: 'end', text: '', offset };
    if (character === '"') return { kind: 'string', text: this.#string(), offset };
    if (character === '%') {
      this.#offset++;
      const text = this.#text[this.#offset] === '"' ? this.#string() : this.#match(bareValueName);
      return { kind: 'value', text: text ?? this.fail('expected a name after %', offset), offset };
    }
    if (character === '@' && this.#text[offset + 1] === '"') {
      this.#offset++;
      return { kind: 'node name', text: this.#string(), offset };
    }
    const word = this.#match(bareWord);
    if (word !== undefined) return { kind: 'word', text: word, offset };
    const number = this.#match(numeral);
    if (number !== undefined) {
      return { kind: /^\d+$/.test(number) ? 'int' : 'float', text: number, offset };
    }
    const symbol = this.#match(symbols);
    if (symbol !== undefined) return { kind: 'symbol', text: symbol, offset };
    return this.fail(`unexpected character ${JSON.stringify(character)}`, offset);
  }

  #skipBlank(): void {
    while (this.#match(blank) !== undefined || this.#match(comment) !== undefined);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    if (!pattern.test(this.#text)) return undefined;
    const text = this.#text.slice(this.#offset, pattern.lastIndex);
    this.#offset = pattern.lastIndex;
    return text;
  }

  #string(): string {
    const start = this.#offset;
    let end = this.#text.indexOf('"', start + 1);
    while (end >= 0 && this.#isEscaped(end, start)) end = this.#text.indexOf('"', end + 1);
    if (end < 0) return this.fail('this string has no end', start);
    this.#offset = end + 1;
    const parsed = parseJson(this.#text.slice(start, end + 1));
    return parsed ?? this.fail('this is not a well-formed JSON string', start);
  }

  #isEscaped(offset: number, start: number): boolean {
    let backslashes = 0;
    while (offset - backslashes - 1 > start && this.#text[offset - backslashes - 1] === '\\') {
      backslashes++;
    }
    return backslashes % 2 === 1;
  }
}

const blank = /[ \t\r\n]+/y;
const comment = /#[^\n]*/y;
const numeral = /\d+(?:\.\d*)?(?:[eE][+-]?\d+)?f?/y;
const symbols = /\/\/|[{}()[\],=:*+\-?<>]/y;

function parseJson(json: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    return typeof parsed === 'string' ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function describe({ kind, text }: Token): string {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return kind === 'symbol' || kind === 'word'
    ? `'${shown}'`
    : `the ${kind} ${JSON.stringify(shown)}`;
}
