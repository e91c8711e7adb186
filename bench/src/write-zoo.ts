/** `node bench/dist/write-zoo.js DIR [ID]…` writes models of the zoo as ONNX files; default: all. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { exportOnnx } from '@whittle/onnx';
import { findModel, zoo } from '@whittle/zoo';

const [folder, ...ids] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write(
    `Usage: write-zoo DIR [ID]…\nModels: ${zoo.map(({ id }) => id).join(', ')}\n`,
  );
  process.exit(2);
}
const models = ids.length === 0 ? zoo : ids.map(findModel);
await mkdir(folder, { recursive: true });
for (const { id, build } of models) {
  const path = join(folder, `${id}.onnx`);
  const bytes = exportOnnx(build());
  await writeFile(path, bytes);
  process.stdout.write(`${path} ${bytes.byteLength}\n`);
}
