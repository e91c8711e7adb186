/**
 * Quantised models, as tools write them, against onnxruntime: outputs may differ where a number is halfway
 * between two integers, and no further. Their weights stay bytes.
 */

import type { TypedArray } from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';
import { findModel } from '@whittle/zoo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../codegen-js/test/load-module.js';
import { destroyDevices, hasAdapter, openDevice } from '../../codegen-wgsl/test/gpu.js';
import { compile, type Target } from '../src/index.js';
import { imageFor } from './support/models.js';
import { relativeError, runOnnxruntime } from './support/onnxruntime.js';
import { quantizeGraph } from './support/quantize-graph.js';
import { loadGpuModel } from './support/webgpu-model.js';

const size = 32;
const feed = imageFor([1, 3, size, size]);
/** Running is slow on a GPU in software: there, one model. */
const targetsOf = (id: string): readonly Target[] =>
  hasAdapter && id === 'mobilenet-v3-small' ? ['js', 'wasm', 'wgsl'] : ['js', 'wasm'];

afterAll(destroyDevices);

describe.each(['mobilenet-v2', 'mobilenet-v3-small', 'resnet-18'])('%s of bytes', (id) => {
  let floats: Uint8Array;
  let model: Uint8Array;
  let input: string;
  let expected: TypedArray | undefined;

  beforeAll(async () => {
    const graph = findModel(id).build({ size, classes: 10, batchNorm: 'folded' });
    input = graph.inputs[0]?.name ?? '';
    floats = exportOnnx(graph);
    model = exportOnnx(await quantizeGraph(graph, feed), { opset: 13 });
    [expected] = Object.values(await runOnnxruntime(model, { [input]: feed }));
  });

  it.each(targetsOf(id))('agrees with onnxruntime as %s', async (target) => {
    const { files } = await compile(model, { target });
    const loaded =
      target === 'wgsl' ? await loadGpuModel(files, await openDevice()) : await loadModel(files);
    const [result] = Object.values(await loaded.run({ [input]: feed.data }));
    expect(relativeError(result?.data as Float32Array, expected as Float32Array)).toBeLessThan(
      0.05,
    );
    expect(files.get('model.weights.bin')?.length).toBeLessThan(0.35 * floats.length);
  });
});
