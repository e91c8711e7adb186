import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

it('tells every picture right and agrees with onnxruntime', async () => {
  // It rejects where the process does not exit with 0.
  const { stdout } = await promisify(execFile)(process.execPath, [main]);
  expect(stdout).toMatch(/^directions +8 of 8 right$/m);
  expect(stdout).toMatch(/^verdict +within 0.0001$/m);
});
