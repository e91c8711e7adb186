import * as tf from '@tensorflow/tfjs';
import { exportOnnx, importOnnx } from '@whittle/onnx';
import { findModel, zoo } from '@whittle/zoo';
import { beforeAll, describe, expect, it } from 'vitest';

import { differenceBetween } from '../src/harness/difference.ts';
import { referenceRun } from '../src/harness/reference-run.ts';
import { graphToTfjs } from '../src/tfjs/graph-to-tfjs.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Small, since plain JavaScript runs all of it; no model ends before its image does. */
const size = 32;

describe.each(zoo.map(({ id }) => id))('%s in TensorFlow.js', (id) => {
  it.each([
    { batchNorm: 'separate', pointwise: 'conv2d' },
    { batchNorm: 'folded', pointwise: 'conv2d' },
    { batchNorm: 'folded', pointwise: 'matMul' },
  ] as const)('gives the scores of ONNX Runtime: $batchNorm, $pointwise', async (options) => {
    const { batchNorm, pointwise } = options;
    const graph = findModel(id).build({ size, classes: 10, batchNorm });
    const reference = await referenceRun(exportOnnx(graph));
    if ('unavailable' in reference) throw new Error(reference.unavailable);
    const scores = tf.tidy(() => {
      const image = tf.tensor(floats(reference.feeds.input?.data), [1, 3, size, size]);
      const [output] = graphToTfjs(graph, { pointwise })([tf.transpose(image, [0, 2, 3, 1])]);
      return floats(output?.dataSync());
    });
    const expected = floats(reference.outputs.output?.data);
    expect(expected).toHaveLength(10);
    expect(differenceBetween(scores, expected).relative).toBeLessThan(1e-4);
  });
});

it('names the op that it has no rule for', () => {
  const graph = importOnnx(exportOnnx(findModel('squeezenet').build({ size })));
  const [first] = graph.nodes;
  if (first === undefined) throw new Error('The graph is empty.');
  const strange = { ...graph, nodes: [{ ...first, op: 'LRN' }] };
  expect(() => graphToTfjs(strange, { pointwise: 'conv2d' })).toThrow(/no rule for LRN/);
});

function floats(data: unknown): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new Error('The data is not float32.');
}
