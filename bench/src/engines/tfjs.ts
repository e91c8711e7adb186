/**
 * TensorFlow.js on its JavaScript backend or on that of XNNPACK as WebAssembly with SIMD, in its best
 * form: batch normalization folded, bias and activation fused into convolutions, checks off, and the
 * image already in its own NHWC layout. Which op is best for pointwise convolutions on the JavaScript
 * backend depends on their size, so both can take part.
 */

import * as tf from '@tensorflow/tfjs';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';

import { tfjsCode } from '../harness/code-size.js';
import { graphToTfjs } from '../tfjs/graph-to-tfjs.js';
import type { TfjsOptions } from '../tfjs/step.js';
import type { EngineFactory } from './engine.js';

interface TfjsEngineOptions extends TfjsOptions {
  readonly backend: 'cpu' | 'wasm';
}

export function tfjsEngine({ backend, pointwise }: TfjsEngineOptions): EngineFactory {
  const id = `tfjs-${backend}${pointwise === 'matMul' ? '-matmul' : ''}`;
  return async ({ graph, dims, input }) => {
    tf.enableProdMode();
    setThreadsCount(1);
    // There is one current backend, which the engines of the two set before each run.
    const activate = async (): Promise<void> => {
      if (!(await tf.setBackend(backend)))
        throw new Error(`The backend ${backend} does not start.`);
    };
    await activate();
    const codeBytes = await tfjsCode(backend);
    // All that lives as long as the engine, such as filters, belongs to this scope.
    tf.engine().startScope(id);
    try {
      const model = graphToTfjs(graph, { pointwise });
      const [batch = 1, channels = 1, rows = 1, columns = 1] = dims;
      const nchw = tf.tensor4d(input, [batch, channels, rows, columns]);
      const image = tf.transpose(nchw, [0, 2, 3, 1]);
      return {
        id,
        title: `TensorFlow.js ${tf.version['tfjs-core']} ${backend}, pointwise by ${pointwise}`,
        codeBytes,
        activate,
        run: () => {
          const [output] = model([image]);
          if (output === undefined) throw new Error('The model has no output.');
          const scores = output.dataSync();
          output.dispose();
          if (!(scores instanceof Float32Array)) throw new Error('The scores are not float32.');
          return scores;
        },
        dispose: () => tf.engine().endScope(),
      };
    } catch (error) {
      tf.engine().endScope();
      throw error;
    }
  };
}
