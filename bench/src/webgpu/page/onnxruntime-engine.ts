/** ONNX Runtime Web with its WebGPU execution provider; shapes of tensors and the like run as WebAssembly. */

import type { PageEngine } from './page-engine.js';

export const onnxruntimeEngine: PageEngine = {
  id: 'ort-webgpu',
  importCode: async ({ model, inputName, outputName, dims }) => {
    const ort = await import('onnxruntime-web/webgpu');
    ort.env.wasm.numThreads = 1;
    return {
      title: `ONNX Runtime Web ${ort.env.versions.web ?? ''} WebGPU`,
      create: async () => {
        const session = await ort.InferenceSession.create(model, {
          executionProviders: ['webgpu'],
          logSeverityLevel: 3,
        });
        return {
          layout: 'NCHW',
          run: async (image) => {
            const feeds = { [inputName]: new ort.Tensor('float32', image, dims) };
            const scores = await (await session.run(feeds))[outputName]?.getData();
            if (scores instanceof Float32Array) return scores;
            throw new Error(`ONNX Runtime gives no float32 output "${outputName}".`);
          },
          dispose: () => session.release(),
        };
      },
    };
  },
};
