/** Writes the part of a Markdown page between the two marks of WebGPU anew, and leaves the rest. */

import { readFile, writeFile } from 'node:fs/promises';

const [begin, end] = ['<!-- webgpu:begin -->', '<!-- webgpu:end -->'];

export async function writeWebgpuBlock(path: string, block: string): Promise<void> {
  await writeFile(path, replaceWebgpuBlock(await readFile(path, 'utf8'), block, path));
}

/** `path` is for messages. @throws {Error} where the page has not the two marks, once each and in order. */
export function replaceWebgpuBlock(page: string, block: string, path: string): string {
  const [before, marked, ...more] = page.split(begin);
  const [, after, ...others] = marked?.split(end) ?? [];
  if (before === undefined || after === undefined || more.length + others.length > 0) {
    throw new Error(`${path} has not one ${begin} with one ${end} after it.`);
  }
  return `${before}${begin}\n\n${block}\n\n${end}${after}`;
}
