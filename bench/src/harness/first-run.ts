/** How an engine comes from nothing to its first scores. A row for each way, which a process of its own runs. */

import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

import { nativeRuntime, type OnnxRuntime, webRuntime } from './onnx-runtime.js';

export type FirstRun =
  | { readonly way: 'module'; readonly file: string }
  | { readonly way: 'ort-web' | 'ort-node' };

/** Files, because it goes to another process. */
export interface FirstRunJob {
  readonly way: FirstRun['way'];
  /** The emitted module, or the model. */
  readonly file: string;
  readonly inputName: string;
  readonly dims: readonly number[];
  /** Float32 elements, as they are in memory. */
  readonly inputFile: string;
}

/** From the import of the engine to its scores, in milliseconds; reading of model and weights included. */
export async function timeFirstRun(job: FirstRunJob): Promise<number> {
  const { inputName, dims, inputFile } = job;
  const input = new Float32Array(new Uint8Array(await readFile(inputFile)).buffer);
  const start = performance.now();
  await ways[job.way](job.file, { name: inputName, dims, data: input });
  return performance.now() - start;
}

interface Image {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

const ways: Readonly<Record<FirstRun['way'], (file: string, image: Image) => Promise<unknown>>> = {
  module: async (file, { name, data }) => {
    const { load } = await import(pathToFileURL(file).href);
    return (await load()).run({ [name]: data });
  },
  'ort-web': runIn(webRuntime),
  'ort-node': runIn(nativeRuntime),
};

function runIn(start: () => Promise<OnnxRuntime>) {
  return async (file: string, { name, dims, data }: Image): Promise<unknown> => {
    const { open } = await start();
    const session = await open(await readFile(file), { [name]: { dtype: 'float32', dims, data } });
    return session.run();
  };
}
