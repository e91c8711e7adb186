import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { commandTree } from '../src/command-tree.js';

const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');

const { commands } = commandTree({ ...process, env: {} }, () => {});

it.each(commands.map((command) => [command.name(), command] as const))(
  'the page of the command has a section and every option of %s',
  (name, { options }) => {
    expect(page).toContain(`\n## \`${name}\`\n`);
    const missing = options.flatMap(({ long }) => (long && !page.includes(long) ? [long] : []));
    expect(missing).toEqual([]);
  },
);
