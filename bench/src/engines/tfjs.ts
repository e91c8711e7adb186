/**
 * TensorFlow.js on its JavaScript backend, in its best form: batch normalization folded, bias and
 * activation fused into convolutions, checks off, and the image already in its own NHWC layout.
 * Which op is best for pointwise convolutions depends on their size, so both can take part.
 */

import * as tf from '@tensorflow/tfjs';

import { graphToTfjs } from '../tfjs/graph-to-tfjs.js';
import type { TfjsOptions } from '../tfjs/step.js';
import type { EngineFactory } from './engine.js';

export function tfjsEngine(id: string, { pointwise }: TfjsOptions): EngineFactory {
  return async ({ graph, dims, input }) => {
    tf.enableProdMode();
    await tf.setBackend('cpu');
    // All that lives as long as the engine, such as filters, belongs to this scope.
    tf.engine().startScope(id);
    const model = graphToTfjs(graph, { pointwise });
    const [batch = 1, channels = 1, rows = 1, columns = 1] = dims;
    const nchw = tf.tensor4d(input, [batch, channels, rows, columns]);
    const image = tf.transpose(nchw, [0, 2, 3, 1]);
    return {
      id,
      title: `TensorFlow.js ${tf.version['tfjs-core']} cpu, pointwise by ${pointwise}`,
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
  };
}
