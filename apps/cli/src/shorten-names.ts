/** Names of nodes in a column that is too narrow for them. */

import { printable, printableEnds } from './printable.js';

/**
 * Each of at most `width` characters, printable. Names that are too long lose what all of them begin
 * and end with, and then their middles: exporters write paths, which differ at either end.
 */
export function shortenNames(names: readonly string[], width: number): readonly string[] {
  if (names.every((name) => name.length <= width))
    return names.map((name) => printable(name, width));
  const start = commonStart(names);
  const end = reversed(commonStart(names.map((name) => reversed(name.slice(start.length)))));
  return names.map((name) => {
    const rest = name.slice(start.length, name.length - end.length);
    return printableEnds(rest, width);
  });
}

/** What all begin with, up to the last separator in it; empty for a single name. */
function commonStart([first = '', ...others]: readonly string[]): string {
  if (others.length === 0) return '';
  let length = 0;
  while (length < first.length && others.every((other) => other[length] === first[length]))
    length++;
  return /^.*[/.:]/s.exec(first.slice(0, length))?.[0] ?? '';
}

function reversed(text: string): string {
  return text.split('').reverse().join('');
}
