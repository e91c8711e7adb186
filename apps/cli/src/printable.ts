/**
 * Text of a model or of an argument, made safe to print: what would move the cursor, start a new line,
 * reorder what is shown or hide in it is written as an escape.
 */

/** Controls, format characters (the bidirectional ones among them), line ends, halves of pairs. */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** On one line, at most `longest` characters. */
export function printable(text: string, longest = 200): string {
  const characters = text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
  return characters.replace(unsafe, escapeCharacter);
}

/** As `printable`, leaving out the middle: names that are paths, and reasons, differ at their ends. */
export function printableEnds(text: string, longest: number): string {
  if (text.length <= longest) return printable(text, longest);
  const end = Math.floor((longest - 1) / 2);
  const characters = `${text.slice(0, longest - 1 - end)}…${text.slice(text.length - end)}`;
  return printable(characters, Number.POSITIVE_INFINITY);
}

/** As `printable`, for texts of several lines: each line is kept. */
export function printableLines(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line, Number.POSITIVE_INFINITY))
    .join('\n');
}

/** A JSON document, which stays the same document: its strings take escapes. */
export function printableJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text.replace(/[^\n\P{Cc}]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

function escapeCharacter(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
