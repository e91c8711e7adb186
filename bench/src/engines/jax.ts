/**
 * jax-js on its WebAssembly backend, on one thread. Its importer has neither batch normalization nor
 * global pooling, so it gets the folded graph, and pooling as a mean.
 */

import { defaultDevice, init, jit, numpy } from '@jax-js/jax';
import { ONNXModel } from '@jax-js/onnx';
import { type Graph, type Node, tensorOf } from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';

import type { EngineFactory } from './engine.js';

export const jaxEngine: EngineFactory = async ({ graph, inputName, outputName, dims, input }) => {
  stayOnOneThread();
  await init('wasm');
  defaultDevice('wasm');
  const model = new ONNXModel(Uint8Array.from(exportOnnx(withoutGlobalPooling(graph))));
  const run = jit(model.run);
  const image = numpy.array(input, { shape: [...dims] });
  return {
    id: 'jax',
    title: 'jax-js wasm, jit',
    activate: stayOnOneThread,
    run: async () => {
      const { [outputName]: output } = run({ [inputName]: image.ref });
      const scores = await output?.data();
      if (scores instanceof Float32Array) return scores;
      throw new Error(`jax-js gives no float32 output "${outputName}".`);
    },
    dispose: () => {
      image.dispose();
      model.dispose();
    },
  };
};

/** It takes more where there is a global `Worker`, which Node has not until ONNX Runtime Web sets it. */
function stayOnOneThread(): void {
  Reflect.deleteProperty(globalThis, 'Worker');
}

function withoutGlobalPooling(graph: Graph): Graph {
  const axes = {
    name: 'bench.image_axes',
    type: { dtype: 'int64', dims: [2] },
    constant: tensorOf('int64', [2], [2, 3]),
  } as const;
  const asMean = (node: Node): Node => ({
    ...node,
    op: 'ReduceMean',
    inputs: [node.inputs[0], axes],
    attributes: { keepdims: { kind: 'int', value: 1 } },
  });
  const nodes = graph.nodes.map((node) => (node.op === 'GlobalAveragePool' ? asMean(node) : node));
  return { ...graph, nodes };
}
