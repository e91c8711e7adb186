/** Compiles a model into a folder of its own and imports the module from there, as a user would. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import {
  type CompileOptions,
  type CompileReport,
  compile,
  type RunnableModel,
  type Tensors,
} from '@whittle/compiler';

/** An instance as modules make it: it writes to results that it is given, or else makes new ones. */
export interface EmittedInstance extends RunnableModel {
  run(feeds: Readonly<Record<string, unknown>>, results?: Tensors): Tensors | Promise<Tensors>;
}

export interface EmittedModel {
  readonly model: EmittedInstance;
  readonly report: CompileReport;
  /** The files, and which of them is the module. They are there until it is disposed of. */
  readonly paths: readonly string[];
  readonly entry: string;
  /** Drops the instance and removes the folder. */
  readonly dispose: () => Promise<void>;
}

export async function loadEmitted(
  bytes: Uint8Array,
  options: CompileOptions,
): Promise<EmittedModel> {
  const { files, report } = await compile(bytes, options);
  const folder = await mkdtemp(join(tmpdir(), 'whittle-bench-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const paths = [...files.keys()].map((name) => join(folder, name));
    for (const [name, content] of files) await writeFile(join(folder, name), content);
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    const entry = paths.find((path) => path.endsWith('.js'));
    if (entry === undefined) throw new Error('The compiler gave no .js file.');
    const module: unknown = await import(pathToFileURL(entry).href);
    if (!isEmittedModule(module)) throw new Error(`${entry} exports no function named load.`);
    const model = await module.load();
    const dispose = async (): Promise<void> => {
      model.dispose();
      await remove();
    };
    return { model, report, paths, entry, dispose };
  } catch (error) {
    await remove();
    throw error;
  }
}

interface EmittedModule {
  load(): Promise<EmittedInstance>;
}

function isEmittedModule(module: unknown): module is EmittedModule {
  return (
    typeof module === 'object' &&
    module !== null &&
    'load' in module &&
    typeof module.load === 'function'
  );
}
