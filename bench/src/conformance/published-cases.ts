/** The cases that ONNX publishes, as Debian's package libonnx-testdata installs them. */

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export const defaultRoot = '/usr/share/libonnx-testdata/data';

export interface PublishedCase {
  /** Such as `node/test_abs`: unique, and its folder below the root. */
  readonly id: string;
  readonly folder: string;
}

/** One set of inputs, and the outputs that belong to it, each a file's bytes in the order of the model. */
export interface DataSet {
  readonly inputs: readonly Uint8Array[];
  readonly outputs: readonly Uint8Array[];
}

/**
 * All cases that have a model, in the order of their ids.
 * @throws {Error} where the package is not installed.
 */
export async function publishedCases(root: string): Promise<readonly PublishedCase[]> {
  if (!existsSync(root)) {
    throw new Error(`There are no cases in ${root}: apt-get install libonnx-testdata.`);
  }
  const cases: PublishedCase[] = [];
  for (const kind of (await readdir(root)).sort()) {
    for (const name of (await readdir(join(root, kind))).sort()) {
      const folder = join(root, kind, name);
      if (existsSync(join(folder, 'model.onnx'))) cases.push({ id: `${kind}/${name}`, folder });
    }
  }
  return cases;
}

export function readModel({ folder }: PublishedCase): Promise<Uint8Array> {
  return readFile(join(folder, 'model.onnx'));
}

export async function readDataSets({ folder }: PublishedCase): Promise<readonly DataSet[]> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('test_data_set_')).sort();
  return Promise.all(
    names.map(async (name) => {
      const files = await readdir(join(folder, name));
      const read = async (stem: string): Promise<Uint8Array[]> => {
        const count = files.filter((file) => file.startsWith(`${stem}_`)).length;
        const paths = Array.from({ length: count }, (_, i) =>
          join(folder, name, `${stem}_${i}.pb`),
        );
        return Promise.all(paths.map((path) => readFile(path)));
      };
      return { inputs: await read('input'), outputs: await read('output') };
    }),
  );
}
