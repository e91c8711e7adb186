/**
 * How the text form writes strings and names. Names of models are hostile: whatever is not a plain
 * name is written as a JSON string, in which everything that could move a cursor, break a line or
 * turn the direction of writing is escaped, so that a dump is safe on a terminal.
 */

/** A JSON string of printable characters only; `JSON.parse` reads it back. */
export function quoteText(text: string): string {
  return JSON.stringify(text).replace(invisible, escapeUnits);
}

/**
 * A value name that needs no quotes after its `%`. A colon may stand inside (`onnx::Conv_12`,
 * `head/Relu:0`) but not at the end, where it would be taken for the one before the type.
 */
export const bareValueName = /[\w.$](?:[\w.$/-]|:+(?=[\w.$/-]))*/y;

/** An op, attribute, dim or keyword that needs no quotes: `Conv`, `com.microsoft::FusedConv`. */
export const bareWord = /[A-Za-z_]\w*(?:(?:\.|::)\w+)*/y;

/** `%x`, or `%"two words"`. */
export function formatValueName(name: string): string {
  return matchesWhole(bareValueName, name) ? `%${name}` : `%${quoteText(name)}`;
}

/** `Conv`, or `"odd op"`. */
export function formatWord(word: string): string {
  return matchesWhole(bareWord, word) ? word : quoteText(word);
}

function matchesWhole(pattern: RegExp, text: string): boolean {
  pattern.lastIndex = 0;
  return pattern.test(text) && pattern.lastIndex === text.length;
}

/**
 * Delete and C1 controls, soft hyphen, bidirectional and zero-width characters, line separators,
 * the byte order mark, interlinear marks, tag characters. JSON escapes C0 and lone surrogates
 * itself. The set is spelled out, because Unicode classes differ from engine to engine.
 */
const invisible =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;

function escapeUnits(characters: string): string {
  let escaped = '';
  for (let i = 0; i < characters.length; i++) {
    escaped += `\\u${characters.charCodeAt(i).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}
