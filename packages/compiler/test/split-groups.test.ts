/** Grouped convolutions, split and as they are: what is computed is the same, here and in ONNX. */

import { type Graph, GraphBuilder, int64Tensor, seededTensor, type Value } from '@whittle/ir';
import { exportOnnx, importOnnx } from '@whittle/onnx';
import { describe, expect, it } from 'vitest';
import { loadModel } from '../../codegen-js/test/load-module.js';
import { compile, optimize } from '../src/index.js';
import { imageFor } from './support/models.js';
import { relativeError, runOnnxruntime } from './support/onnxruntime.js';

const image = imageFor([2, 12, 9, 8]);

/**
 * Two grouped convolutions with a shuffle between them and a residual around them, as a unit of
 * ShuffleNetV1 has them.
 */
function shuffleUnit(groups: number): Graph {
  const builder = new GraphBuilder('unit');
  const weight = (dims: number[], seed: number): Value =>
    builder.constant(seededTensor('float32', dims, seed), `weight_${seed}`);
  const conv = (x: Value, kernel: number, seed: number, group = groups): Value => {
    const pad = (kernel - 1) / 2;
    const filter = weight([12, 12 / group, kernel, kernel], seed);
    const attributes = { group, pads: [pad, pad, pad, pad] };
    return builder.op('Conv', [x, filter, weight([12], seed + 1)], attributes);
  };
  const shuffle = (x: Value): Value => {
    const shape = (...dims: number[]): Value => builder.constant(int64Tensor(dims), 'shape');
    const split = builder.op('Reshape', [x, shape(2, groups, 12 / groups, 9, 8)]);
    const swapped = builder.op('Transpose', [split], { perm: [0, 2, 1, 3, 4] });
    return builder.op('Reshape', [swapped, shape(2, 12, 9, 8)]);
  };
  const x = builder.input('x', 'float32', image.dims);
  const mixed = builder.op('Relu', [conv(x, 1, 1)]);
  const filtered = conv(shuffle(mixed), 3, 3, 12);
  const expanded = builder.op('Add', [conv(filtered, 3, 5), x]);
  builder.output('y', builder.op('Relu', [expanded]));
  return builder.build();
}

describe.each([2, 3, 4])('a unit of %i groups', (groups) => {
  const graph = shuffleUnit(groups);
  const model = exportOnnx(graph);
  const expected = runOnnxruntime(model, { x: image });

  it.each(['all', 'none', 'auto'] as const)(
    'computes the same when %s are split',
    async (splitGroups) => {
      const { files } = await compile(model, { splitGroups, checkPasses: true });
      const { y } = (await loadModel(files)).run({ x: image.data });
      const reference = (await expected).y ?? [];
      expect(
        relativeError(y?.data as ArrayLike<number>, reference as ArrayLike<number>),
      ).toBeLessThanOrEqual(1e-6);
    },
  );

  it.each([11, 13, 18])('is written with its groups apart in opset %i', async (opset) => {
    const before = exportOnnx(graph, { opset });
    const after = await optimize(before, { splitGroups: 'all', checkPasses: true });
    const convolutions = importOnnx(after).nodes.filter(({ op }) => op === 'Conv');
    // The depthwise convolution keeps its groups.
    expect(convolutions).toHaveLength(2 * groups + 1);
    const { y } = await runOnnxruntime(after, { x: image });
    const reference = (await expected).y ?? [];
    expect(
      relativeError(y as ArrayLike<number>, reference as ArrayLike<number>),
    ).toBeLessThanOrEqual(1e-6);
  });
});
