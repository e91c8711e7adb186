/**
 * ONNX Runtime on one thread, native or as WebAssembly with SIMD. Both packages have one interface;
 * here it is as much of it as benchmarks need: a model is opened with its feeds, and then run.
 */

import type { TensorData, Tensors } from '@whittle/compiler';
import type { env, InferenceSession, Tensor } from 'onnxruntime-node';

export interface OnnxRuntime {
  readonly id: 'ort-node' | 'ort-web';
  /** The engine, its version, and how it was set up. */
  readonly title: string;
  /** Rejects where ONNX Runtime refuses the model, and for feeds that are not float32. */
  readonly open: (
    bytes: Uint8Array,
    feeds: Tensors,
    options?: InferenceSession.SessionOptions,
  ) => Promise<OnnxSession>;
}

export interface OnnxSession {
  /** The outputs, in memory that no later run touches. Rejects where one is not float32. */
  run(): Promise<Tensors>;
  dispose(): Promise<void>;
}

/** Rejects where the package has no binary for this system. */
export async function nativeRuntime(): Promise<OnnxRuntime> {
  const ort = await import('onnxruntime-node');
  const title = `ONNX Runtime ${ort.env.versions.common} native, 1 thread`;
  return { id: 'ort-node', title, open: openWith(ort, 'cpu') };
}

export async function webRuntime(): Promise<OnnxRuntime> {
  const ort = await import('onnxruntime-web');
  // More threads would be workers of Node. Without SIMD there is no build of it any more.
  ort.env.wasm.numThreads = 1;
  const title = `ONNX Runtime Web ${ort.env.versions.web ?? ''} wasm SIMD, 1 thread`;
  return { id: 'ort-web', title, open: openWith(ort, 'wasm') };
}

interface Package {
  readonly env: typeof env;
  readonly InferenceSession: typeof InferenceSession;
  readonly Tensor: typeof Tensor;
}

function openWith(ort: Package, provider: 'cpu' | 'wasm'): OnnxRuntime['open'] {
  return async (bytes, feeds, options = {}) => {
    const session = await ort.InferenceSession.create(bytes, {
      executionProviders: [provider],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
      ...options,
    });
    const given = Object.entries(feeds).map(
      ([name, { data, dims }]) =>
        [name, new ort.Tensor('float32', floats(name, data), dims)] as const,
    );
    const inputs = Object.fromEntries(given);
    return {
      run: async () => tensorsOf(await session.run(inputs)),
      dispose: () => session.release(),
    };
  };
}

function tensorsOf(results: InferenceSession.OnnxValueMapType): Tensors {
  const outputs: Record<string, TensorData> = {};
  for (const [name, { data, dims }] of Object.entries(results)) {
    outputs[name] = { dtype: 'float32', dims, data: floats(name, data) };
  }
  return outputs;
}

function floats(name: string, data: unknown): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new Error(`"${name}" is not float32.`);
}
