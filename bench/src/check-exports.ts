/**
 * `node bench/dist/check-exports.js DIR` compiles every ONNX file of a folder at each level, runs the
 * module and compares all of its outputs with ONNX Runtime: one line for each file and level. It
 * exits with 1 where one fails, and where nothing was checked.
 */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { checkModel, failed, type Verdict } from './harness/check-model.js';
import { referenceRun } from './harness/reference-run.js';
import { runCommand } from './harness/run-command.js';

const usage = 'Usage: node bench/dist/check-exports.js DIR\n';

const levels = [0, 1, 2] as const;

interface Settings {
  readonly folder: string;
  /** The ONNX files in it. */
  readonly names: readonly string[];
}

async function main({ folder, names }: Settings): Promise<boolean> {
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

/** Undefined where help is asked for. */
async function readSettings(): Promise<Settings | undefined> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) return undefined;
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) throw new Error('Name one folder of ONNX files.');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.onnx')).sort();
  return { folder, names };
}

await runCommand({ usage, readSettings, main });
