/**
 * What a page of docs/design holds besides prose. Each of its examples is a fenced block,
 *
 *     ```ir fuse-residual,fuse-activation epilogue
 *     …
 *     →
 *     …
 *     ```
 *
 * which names passes and, where it is not the first of them, its figure. Before the arrow stands a
 * graph, the lines between its braces, and after it what the passes make of it; without an arrow
 * they have to leave it alone. A block that names no pass only has to be a graph. A table between `<!-- table: name -->` and `<!-- end -->` is computed.
 */

import { readFileSync } from 'node:fs';
import {
  type Graph,
  genericTarget,
  type Pass,
  type PassContext,
  parseGraph,
  runPasses,
} from '@whittle/ir';
import { findPass } from '@whittle/passes';

const pagePath = new URL('../../docs/design/separable.md', import.meta.url);

export function readPage(): string {
  return readFileSync(pagePath, 'utf8');
}

export interface Example {
  readonly name: string;
  readonly passes: readonly Pass[];
  readonly before: Graph;
  /** The same object where the passes are to change nothing. */
  readonly expected: Graph;
}

export function examplesOf(page: string): readonly Example[] {
  return [...page.matchAll(/^```ir(?: ([\w,-]+))?(?: ([\w-]+))?\n([^`]*)^```$/gm)].map(
    ([, ids, figure, text = '']) => {
      const [before, expected] = text.split('→\n').map(graphOf);
      if (before === undefined) throw new SyntaxError(`The example ${ids} is empty.`);
      const passes = ids?.split(',').map(findPass) ?? [];
      return { name: figure ?? ids ?? 'a graph', passes, before, expected: expected ?? before };
    },
  );
}

/** Wherever a rewrite is legal it is shown: what pays is another matter. */
const context: PassContext = { target: genericTarget, fuse: 'all', splitGroups: 'all' };

export function runExample({ passes, before }: Example): Graph {
  return runPasses(before, passes, { context, verify: true }).graph;
}

/** The page with its tables as they have to be. */
export function withTables(page: string, tables: Readonly<Record<string, () => string>>): string {
  return page.replace(
    /(<!-- table: ([\w-]+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, start: string, name: string, end: string) => {
      const table = tables[name];
      if (table === undefined) throw new RangeError(`There is no table ${name}.`);
      return `${start}\n${table()}\n${end}`;
    },
  );
}

function graphOf(lines: string): Graph {
  return parseGraph(`graph "example" {\n${lines}\n}`);
}
