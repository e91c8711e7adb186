/**
 * TensorFlow.js on its JavaScript backend, in its best form: batch normalization folded, bias and
 * activation fused into convolutions, checks off, and the image already in its own NHWC layout.
 */

import * as tf from '@tensorflow/tfjs';

import type { Workload } from '../harness/workload.js';
import { graphToTfjs } from '../tfjs/graph-to-tfjs.js';
import type { Engine } from './engine.js';

export async function tfjsEngine({ graph, dims, input }: Workload): Promise<Engine> {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  await tf.ready();
  const model = graphToTfjs(graph);
  const [batch = 1, channels = 1, rows = 1, columns = 1] = dims;
  const image = tf.tidy(() =>
    tf.transpose(tf.tensor4d(input, [batch, channels, rows, columns]), [0, 2, 3, 1]),
  );
  return {
    id: 'tfjs-cpu',
    title: `TensorFlow.js ${tf.version['tfjs-core']} cpu, folded and fused`,
    run: () => {
      const [output] = model([image]);
      if (output === undefined) throw new Error('The model has no output.');
      const scores = output.dataSync();
      output.dispose();
      if (!(scores instanceof Float32Array)) throw new Error('The scores are not float32.');
      return scores;
    },
    dispose: () => image.dispose(),
  };
}
