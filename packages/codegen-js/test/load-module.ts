/** Loads an emitted module from its bytes, without files. */

export interface LoadedModule {
  readonly inputs: unknown;
  readonly outputs: unknown;
  load(options?: { readonly weights?: unknown }): Promise<Model>;
}

export interface Model {
  run(feeds: object, results?: object): Record<string, Result>;
  dispose(): void;
}

interface Result {
  readonly data: ArrayLike<number | bigint>;
  readonly dims: readonly number[];
  readonly dtype: string;
}

export async function importModule(files: ReadonlyMap<string, Uint8Array>): Promise<LoadedModule> {
  const source = [...files].find(([name]) => name.endsWith('.js'))?.[1];
  const base64 = Buffer.from(source ?? []).toString('base64');
  return import(/* @vite-ignore */ `data:text/javascript;base64,${base64}`);
}

/** Imports the module and loads it with the weights among the files. */
export async function loadModel(files: ReadonlyMap<string, Uint8Array>): Promise<Model> {
  const weights = [...files].find(([name]) => name.endsWith('.weights.bin'))?.[1];
  const module = await importModule(files);
  return module.load(weights === undefined ? {} : { weights });
}
