/** Results as JSON files, in `bench/results` unless another file is named. */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Environment } from './environment.js';

/** Returns the path written. The result stands beside the environment, with a version of the form. */
export async function writeResult(
  name: string,
  environment: Environment,
  result: object,
  file?: string,
): Promise<string> {
  const stamp = environment.date.replaceAll(/[:.]/g, '-');
  const beside = new URL(`../../results/${name}-${stamp}.json`, import.meta.url);
  const path = file ?? fileURLToPath(beside);
  await mkdir(dirname(path), { recursive: true });
  const document = { schemaVersion: 1, environment, ...result };
  await writeFile(path, `${JSON.stringify(document, null, 2)}\n`);
  return path;
}
