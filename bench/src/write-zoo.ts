/** `node bench/dist/write-zoo.js DIR [ID]…` writes models of the zoo as ONNX files; default: all. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { exportOnnx } from '@whittle/onnx';
import { findModel, type ZooModel, zoo } from '@whittle/zoo';

import { runCommand } from './harness/run-command.js';

const usage = `Usage: node bench/dist/write-zoo.js DIR [ID]…
Models: ${zoo.map(({ id }) => id).join(', ')}
`;

interface Settings {
  readonly folder: string;
  readonly models: readonly ZooModel[];
}

async function main({ folder, models }: Settings): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  for (const { id, build } of models) {
    const path = join(folder, `${id}.onnx`);
    const bytes = exportOnnx(build());
    await writeFile(path, bytes);
    process.stdout.write(`${path} ${bytes.byteLength}\n`);
  }
  return true;
}

/** Undefined where help is asked for. */
function readSettings(): Settings | undefined {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) return undefined;
  const [folder, ...ids] = positionals;
  if (folder === undefined) throw new Error('Name a folder to write to.');
  return { folder, models: ids.length === 0 ? zoo : ids.map(findModel) };
}

await runCommand({ usage, readSettings, main });
