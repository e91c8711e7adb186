/**
 * `node bench/dist/check-exports.js DIR` compiles every ONNX file of a folder at each level, runs the
 * module and compares all of its outputs with ONNX Runtime: one line for each file and level. It
 * exits with 1 where one fails, and where nothing was checked.
 */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { checkModel, failed, type Verdict } from './harness/check-model.js';
import { referenceRun } from './harness/reference-run.js';

const levels = [0, 1, 2] as const;

async function main(folder: string): Promise<boolean> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.onnx')).sort();
  const count = { PASS: 0, FAIL: 0, SKIP: 0 };
  const tell = (name: string, { outcome, text }: Verdict): void => {
    count[outcome]++;
    process.stdout.write(`${outcome} ${name} ${text}\n`);
  };
  for (const name of names) {
    const bytes = await readFile(join(folder, name));
    try {
      const reference = await referenceRun(bytes);
      if ('unavailable' in reference) {
        tell(name, { outcome: 'SKIP', text: reference.unavailable });
        continue;
      }
      for (const level of levels) {
        tell(`${name} -O ${level}`, await checkModel(bytes, level, reference));
      }
    } catch (error) {
      tell(name, failed(error));
    }
  }
  process.stdout.write(`${count.PASS} passed, ${count.FAIL} failed, ${count.SKIP} skipped\n`);
  return count.FAIL === 0 && count.PASS > 0;
}

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('Usage: check-exports DIR\n');
  process.exitCode = 2;
} else if (!(await main(folder))) process.exitCode = 1;
