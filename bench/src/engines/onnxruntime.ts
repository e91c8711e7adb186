/**
 * ONNX Runtime on one thread, native or as WebAssembly. Both packages have one interface; the web
 * one is no dependency of ours and takes part where it is installed.
 */

import type * as ort from 'onnxruntime-node';

import type { Workload } from '../harness/workload.js';
import type { Engine, EngineFactory } from './engine.js';

type Runtime = Pick<typeof ort, 'InferenceSession' | 'Tensor' | 'env'>;

export const onnxruntimeNode: EngineFactory = async (workload) => {
  const runtime = await importRuntime('onnxruntime-node');
  if (runtime === undefined) return { unavailable: 'onnxruntime-node is not installed' };
  const title = `ONNX Runtime ${runtime.env.versions.common} native, 1 thread`;
  return engineOf('ort-node', title, runtime, 'cpu', workload);
};

export const onnxruntimeWeb: EngineFactory = async (workload) => {
  const runtime = await importRuntime('onnxruntime-web');
  if (runtime === undefined) return { unavailable: 'onnxruntime-web is not installed' };
  runtime.env.wasm.numThreads = 1;
  const title = `ONNX Runtime Web ${runtime.env.versions.common} wasm, 1 thread`;
  return engineOf('ort-web', title, runtime, 'wasm', workload);
};

async function engineOf(
  id: string,
  title: string,
  { InferenceSession, Tensor }: Runtime,
  provider: string,
  { bytes, inputName, outputName, dims, input }: Workload,
): Promise<Engine> {
  const session = await InferenceSession.create(bytes, {
    executionProviders: [provider],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const feeds = { [inputName]: new Tensor('float32', input, dims) };
  return {
    id,
    title,
    run: async () => {
      const data = (await session.run(feeds))[outputName]?.data;
      if (data instanceof Float32Array) return data;
      throw new Error(`ONNX Runtime gives no float32 output "${outputName}".`);
    },
    dispose: () => session.release(),
  };
}

/** The name is a variable so that a package which is not installed is no error to compilers. */
async function importRuntime(name: string): Promise<Runtime | undefined> {
  try {
    const module: unknown = await import(name);
    return isRuntime(module) ? module : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') {
      return undefined;
    }
    throw error;
  }
}

function isRuntime(module: unknown): module is Runtime {
  return typeof module === 'object' && module !== null && 'InferenceSession' in module;
}
