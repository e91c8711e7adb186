/** ONNX Runtime on one thread, native or as WebAssembly. */

import { onnxruntimeWebCode } from '../harness/code-size.js';
import { nativeRuntime, type OnnxRuntime, webRuntime } from '../harness/onnx-runtime.js';
import type { EngineFactory } from './engine.js';

export const onnxruntimeNode = engineOf(nativeRuntime);
export const onnxruntimeWeb = engineOf(webRuntime, onnxruntimeWebCode);

function engineOf(
  start: () => Promise<OnnxRuntime>,
  codeSize?: () => Promise<number>,
): EngineFactory {
  return async ({ bytes, inputName, outputName, dims, input }) => {
    const { id, title, open } = await start();
    const feeds = { [inputName]: { dtype: 'float32', dims, data: input } } as const;
    const session = await open(bytes, feeds);
    return {
      id,
      title,
      firstRun: { way: id },
      ...(codeSize === undefined ? {} : { codeBytes: await codeSize() }),
      run: async () => {
        const data = (await session.run())[outputName]?.data;
        if (data instanceof Float32Array) return data;
        throw new Error(`ONNX Runtime gives no float32 output "${outputName}".`);
      },
      dispose: () => session.dispose(),
    };
  };
}
