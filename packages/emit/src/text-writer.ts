/**
 * Lines of source text with indentation, for the bodies of kernels. Text goes in verbatim: whoever
 * writes a string of the model passes it through `jsString()` first.
 */

export interface TextWriterOptions {
  /** One level of indentation. Two spaces by default. */
  readonly unit?: string;
  /** The level of the first line: 1 for the body of a function of a module. 0 by default. */
  readonly level?: number;
}

export class TextWriter {
  readonly #lines: string[] = [];
  readonly #unit: string;
  #margin: string;

  constructor(options: TextWriterOptions = {}) {
    this.#unit = options.unit ?? '  ';
    this.#margin = this.#unit.repeat(options.level ?? 0);
  }

  /** Writes one line, or an empty one. The text holds no line break. */
  line(text = ''): this {
    this.#lines.push(text === '' ? '' : this.#margin + text);
    return this;
  }

  /** Writes each line of a text at the present indentation. */
  lines(text: string): this {
    for (const line of text.split('\n')) this.line(line);
    return this;
  }

  /** Writes `header {`, what `body` writes one level deeper, and the footer. */
  block(header: string, body: () => void, footer = '}'): this {
    return this.line(header === '' ? '{' : `${header} {`)
      .indented(body)
      .line(footer);
  }

  /** Writes what `body` writes one level deeper. */
  indented(body: () => void): this {
    const outer = this.#margin;
    this.#margin = outer + this.#unit;
    body();
    this.#margin = outer;
    return this;
  }

  /** All lines, each ended by a line feed; the empty string where there are none. */
  toString(): string {
    return this.#lines.length === 0 ? '' : `${this.#lines.join('\n')}\n`;
  }
}
