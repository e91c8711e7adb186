/** Writes a part of a Markdown page anew, the one between two marks, and leaves the rest. */

import { readFile, writeFile } from 'node:fs/promises';

/** `mark` names the part: `<!-- bench:begin -->` begins that of `bench`. */
export async function writeBlock(path: string, mark: string, block: string): Promise<void> {
  await writeFile(path, replaceBlock(await readFile(path, 'utf8'), mark, block, path));
}

/** `path` is for messages. @throws {Error} where the page has not the two marks, once each and in order. */
export function replaceBlock(page: string, mark: string, block: string, path: string): string {
  const [begin, end] = [`<!-- ${mark}:begin -->`, `<!-- ${mark}:end -->`];
  const [before, marked, ...more] = page.split(begin);
  const [, after, ...others] = marked?.split(end) ?? [];
  if (before === undefined || after === undefined || more.length + others.length > 0) {
    throw new Error(`${path} has not one ${begin} with one ${end} after it.`);
  }
  return `${before}${begin}\n\n${block}\n\n${end}${after}`;
}
