/** Processes, since what matters is what people see of a command that they called wrongly. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it.each([
  ['write-zoo', [], 'Name a folder'],
  ['write-zoo', ['folder', 'xx'], 'No model "xx"'],
  ['fusion-modes', ['--model', 'nope'], 'No model "nope"'],
  ['fusion-modes', ['--rounds', 'x'], '--rounds takes a whole number'],
  ['main', ['--against', 'abacus'], 'There is no engine "abacus"'],
  ['optimized-models', ['no-such-folder'], 'no-such-folder'],
  ['quantize-model', ['resnet-18', '--form', 'int4'], '--form takes qdq or qoperator'],
  ['target-costs', ['--fast'], "Unknown option '--fast'"],
] as const)('%s %j exits with 2 and one line', (name, args, expected) => {
  const path = fileURLToPath(new URL(`../dist/${name}.js`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], {
    encoding: 'utf8',
  });
  expect(stderr).toContain(expected);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
});
