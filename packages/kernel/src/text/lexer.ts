/** Tokens of the text form, one ahead of the parser. White space only separates. */

import { CompilerError } from '@whittle/ir';

export interface Token {
  /** A quoted name (`$"…"`, `%"…"`, `@"…"`) is its mark, a symbol, and then a string. */
  readonly kind: 'word' | 'number' | 'string' | 'symbol' | 'end';
  /** A string decoded, all else as written. */
  readonly text: string;
  readonly offset: number;
}

const blank = /\s+/y;
const patterns: readonly (readonly [Token['kind'], RegExp])[] = [
  ['word', /[A-Za-z_]\w*/y],
  // A point needs a digit after it, so that `0..8` is two numbers; a type may follow the digits.
  ['number', /\d+(?:\.\d+)?(?:e[+-]?\d+)?(?:bf16|[fiu]\d+)?/y],
  ['string', /"(?:[^"\\]|\\.)*"/y],
  ['symbol', /\.\.|[=!<>]=|<<|>>|[-+*/%&|^<>=()[\]{},;:$@]/y],
];

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

  /** Consumes the next token if it is this word or symbol. */
  take(text: string): boolean {
    const token = this.peek();
    if (token.text !== text || (token.kind !== 'word' && token.kind !== 'symbol')) return false;
    this.next();
    return true;
  }

  /** Consumes this word or symbol. @throws {CompilerError} `E_INVALID_TEXT` at anything else. */
  expect(text: string): void {
    if (!this.take(text)) this.expected(`"${text}"`);
  }

  /** The text of the next token, which must be of this kind. */
  expectKind(kind: Token['kind']): string {
    return this.peek().kind === kind ? this.next().text : this.expected(`a ${kind}`);
  }

  /** A name, bare or as `$"…"`. */
  expectName(): string {
    return this.take('$') ? this.expectKind('string') : this.expectKind('word');
  }

  /** A whole number with its sign. */
  expectInteger(): number {
    const sign = this.take('-') ? -1 : 1;
    const value = Number(this.expectKind('number'));
    return Number.isSafeInteger(value) ? sign * value : this.expected('an integer');
  }

  /** @throws {CompilerError} `E_INVALID_TEXT` at the next token. */
  expected(what: string): never {
    const { kind, text, offset } = this.peek();
    const found = kind === 'end' ? 'the end of the text' : JSON.stringify(text.slice(0, 40));
    return this.fail(`expected ${what}, found ${found}`, offset);
  }

  /** @throws {CompilerError} `E_INVALID_TEXT`. */
  fail(message: string, offset: number): never {
    const before = this.#text.slice(0, offset);
    const line = before.split('\n').length;
    const column = offset - before.lastIndexOf('\n');
    throw new CompilerError('E_INVALID_TEXT', `line ${line}, column ${column}: ${message}`);
  }

  #read(): Token {
    this.#match(blank);
    const offset = this.#offset;
    if (offset === this.#text.length) return { kind: 'end', text: '', offset };
    for (const [kind, pattern] of patterns) {
      const text = this.#match(pattern);
      if (text === undefined) continue;
      return { kind, text: kind === 'string' ? this.#decode(text, offset) : text, offset };
    }
    return this.fail(`unexpected character ${JSON.stringify(this.#text[offset])}`, offset);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    if (!pattern.test(this.#text)) return undefined;
    const text = this.#text.slice(this.#offset, pattern.lastIndex);
    this.#offset = pattern.lastIndex;
    return text;
  }

  #decode(json: string, offset: number): string {
    try {
      return String(JSON.parse(json));
    } catch {
      return this.fail('this is not a well-formed JSON string', offset);
    }
  }
}
