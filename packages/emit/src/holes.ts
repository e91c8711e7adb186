/**
 * Places in a printed text that are filled in later. A hole is an identifier that occurs in no other
 * text of the frame; it stands alone on its line, or as an expression, or as a type.
 */

export class Holes {
  readonly #texts: string[] = [];
  readonly #prefix: string;

  /** No text in `others` may hold the prefix of the holes; the prefix grows until that is so. */
  constructor(others: Iterable<string>) {
    let prefix = 'hole_';
    for (const other of others) while (other.includes(prefix)) prefix += '_';
    this.#prefix = prefix;
  }

  /** Keeps the text and returns the hole that stands for it. */
  add(text: string): string {
    this.#texts.push(text);
    return `${this.#prefix}${this.#texts.length - 1}x`;
  }

  /** The frame with every hole filled: a whole line by whole lines, any other hole in place. */
  fill(frame: string): string {
    const pattern = new RegExp(`^ *${this.#prefix}(\\d+)x\\n|${this.#prefix}(\\d+)x`, 'gm');
    return frame.replace(pattern, (_, line?: string, inline?: string) => {
      const text = this.#texts[Number(line ?? inline)] ?? '';
      return line === undefined || text === '' || text.endsWith('\n') ? text : `${text}\n`;
    });
  }
}
