import { readFileSync } from 'node:fs';
import { targetNames } from '@whittle/compiler';
import { expect, it } from 'vitest';
import { commandTree } from '../src/command-tree.js';

const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');

const [introduction = '', ...sections] = page.split(/^## /m);

const { commands } = commandTree({ ...process, env: {} }, () => {});

/** The sections that a command's options may stand in: its own, those that it shares, the first words. */
function sectionsOf(name: string, readsModel: boolean): string {
  const own = sections.filter((section) => {
    const [title = ''] = section.split('\n');
    const isShared = readsModel && title === 'Options of every command that reads a model';
    return isShared || title.includes(`\`${name}\``);
  });
  return [introduction, ...own].join('\n');
}

it.each(commands.map((command) => [command.name(), command] as const))(
  'the page of the command has a section and every option of %s, with its values',
  (name, { options, registeredArguments }) => {
    expect(page).toContain(`\n## \`${name}\`\n`);
    const lines = sectionsOf(name, registeredArguments.length > 0).split('\n');
    const missing = options.flatMap(({ long, argChoices = [] }) => {
      const flag = new RegExp(`${long}(?![\\w-])`);
      const said = lines.filter((line) => flag.test(line)).join('\n');
      if (said === '') return [`${long}`];
      return argChoices.filter((choice) => !said.includes(choice)).map((it) => `${long} ${it}`);
    });
    expect(missing).toEqual([]);
  },
);

it.each(commands.map((command) => [command.name(), command] as const))(
  'the help of %s names every target where it takes one',
  (_, { options }) => {
    const described = options.flatMap(({ long, description }) =>
      long === '--target' ? [description] : [],
    );
    for (const name of targetNames) {
      for (const text of described) expect(text).toContain(name);
    }
  },
);
