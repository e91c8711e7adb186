/** Loads an emitted module from its bytes, without files. */

export interface LoadedModule {
  readonly inputs: unknown;
  readonly outputs: unknown;
  load(options?: LoadOptions): Promise<Model>;
}

interface LoadOptions {
  readonly weights?: unknown;
  readonly wasm?: unknown;
  readonly device?: unknown;
}

export interface Model {
  /** Modules for measuring say when each step begins. */
  run(feeds: object, results?: object, onStep?: (step: number) => void): Record<string, Result>;
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

/** Imports the module and loads it with what is among the files. */
export async function loadModel(files: ReadonlyMap<string, Uint8Array>): Promise<Model> {
  const module = await importModule(files);
  return module.load(loadOptions(files));
}

/** What lies beside a module, as its `load` takes it. */
export function loadOptions(files: ReadonlyMap<string, Uint8Array>): LoadOptions {
  const ending = (suffix: string) => [...files].find(([name]) => name.endsWith(suffix))?.[1];
  const [weights, wasm] = [ending('.weights.bin'), ending('.wasm')];
  return { ...(weights && { weights }), ...(wasm && { wasm }) };
}
