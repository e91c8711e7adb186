/** ONNX Runtime on one thread, native or as WebAssembly. */

import { nativeRuntime, type OnnxRuntime, webRuntime } from '../harness/onnx-runtime.js';
import type { EngineFactory } from './engine.js';

export const onnxruntimeNode = engineOf(nativeRuntime);
export const onnxruntimeWeb = engineOf(webRuntime);

function engineOf(start: () => Promise<OnnxRuntime>): EngineFactory {
  return async ({ bytes, inputName, outputName, dims, input }) => {
    const runtime = await start().catch((error: unknown) => ({
      unavailable: error instanceof Error ? error.message : String(error),
    }));
    if ('unavailable' in runtime) return runtime;
    const { id, title, open } = runtime;
    const feeds = { [inputName]: { dtype: 'float32', dims, data: input } } as const;
    const session = await open(bytes, feeds);
    return {
      id,
      title,
      run: async () => {
        const data = (await session.run())[outputName]?.data;
        if (data instanceof Float32Array) return data;
        throw new Error(`ONNX Runtime gives no float32 output "${outputName}".`);
      },
      dispose: () => session.dispose(),
    };
  };
}
