import { readFileSync } from 'node:fs';
import { type ErrorCode, errorCodes } from '@whittle/compiler';
import { expect, it } from 'vitest';
import { exitCodeOfError } from '../src/exit-codes.js';

it('the page of errors lists every code, what it means and its exit code', () => {
  const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `E_'));
  expect(rows).toEqual(
    (Object.keys(errorCodes) as ErrorCode[]).map(
      (code) => `| \`${code}\` | ${errorCodes[code]} | ${exitCodeOfError[code]} |`,
    ),
  );
});
