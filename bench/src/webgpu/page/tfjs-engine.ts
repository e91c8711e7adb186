/**
 * TensorFlow.js on its WebGPU backend, in the form that `npm run bench` gives it: batch normalization
 * folded, bias and activation fused into convolutions, checks off, and the image in its NHWC layout.
 */

import { type Graph, isBound } from '@whittle/ir';

import type { PageEngine } from './page-engine.js';

const graphs = new Map<string, Graph>();

export const tfjsEngine: PageEngine = {
  id: 'tfjs-webgpu',
  // The way from ONNX to a graph is ours, so that it is in no time.
  prepare: async ({ folded }) => {
    const { importOnnx } = await import('@whittle/onnx');
    const response = await fetch(folded);
    graphs.set(folded, importOnnx(new Uint8Array(await response.arrayBuffer())));
  },
  importCode: async ({ folded }) => {
    const graph = graphs.get(folded);
    if (graph === undefined) throw new Error('The graph was not prepared.');
    // The page maps this to the core, which has the ops without layers, converter and data.
    const tf = await import('@tensorflow/tfjs');
    await import('@tensorflow/tfjs-backend-webgpu');
    const { graphToTfjs } = await import('../../tfjs/graph-to-tfjs.js');
    return {
      title: `TensorFlow.js ${tf.version_core} WebGPU`,
      create: async () => {
        tf.enableProdMode();
        if (!(await tf.setBackend('webgpu'))) throw new Error('The backend does not start.');
        const model = graphToTfjs(graph, { pointwise: 'conv2d' });
        const [batch = 1, channels = 1, rows = 1, columns = 1] = (
          graph.inputs[0]?.type?.dims ?? []
        ).filter(isBound);
        return {
          layout: 'NHWC',
          run: async (image) => {
            const input = tf.tensor4d(image, [batch, rows, columns, channels]);
            const [output] = model([input]);
            input.dispose();
            if (output === undefined) throw new Error('The model has no output.');
            const scores = await output.data();
            output.dispose();
            if (scores instanceof Float32Array) return scores;
            throw new Error('The scores are not float32.');
          },
          dispose: () => tf.removeBackend('webgpu'),
        };
      },
    };
  },
};
