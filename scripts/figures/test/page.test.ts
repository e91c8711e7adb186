/** Keeps docs/design/separable.md true: its examples are run, its tables and figures are current. */

import { readdirSync } from 'node:fs';
import { printGraph } from '@whittle/ir';
import { describe, expect, it } from 'vitest';
import { figures } from '../figures.js';
import { examplesOf, readPage, runExample, withTables } from '../page.js';
import { tables } from '../tables.js';

const page = readPage();

describe('examples', () => {
  it.each(examplesOf(page))('$name', (example) => {
    expect(printGraph(runExample(example))).toBe(printGraph(example.expected));
  });
});

it('has tables that are computed', async () => {
  await expect(withTables(page, tables)).toMatchFileSnapshot('../../../docs/design/separable.md');
});

it('shows every figure, and no other', () => {
  const shown = [...page.matchAll(/\]\(figures\/([\w-]+)\.svg\)/g)].map(([, name]) => name);
  expect(shown.sort()).toEqual(figures.map(({ name }) => name).sort());
  const files = readdirSync(new URL('../../../docs/design/figures/', import.meta.url));
  expect(files.filter((file) => !shown.includes(file.replace('.svg', '')))).toEqual([]);
});
