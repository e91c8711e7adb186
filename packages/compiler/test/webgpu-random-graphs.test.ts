/**
 * Random small graphs with and without passes on a GPU, against onnxruntime-node. A failure names its
 * seed: `WHITTLE_GRAPH_SEED=17` runs that graph alone, and `WHITTLE_GRAPHS=500` runs more of them.
 */

import { printGraph, seededTensor, typedArrayOf } from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { destroyDevices, hasAdapter } from '../../codegen-wgsl/test/gpu.js';
import { compile } from '../src/index.js';
import { firstDifference } from './support/first-difference.js';
import { type Feed, runOnnxruntime } from './support/onnxruntime.js';
import { randomGraph } from './support/random-graph.js';
import { openWatchedDevice, type WatchedDevice } from './support/webgpu-device.js';
import { loadGpuModel } from './support/webgpu-model.js';

const { WHITTLE_GRAPHS = '40', WHITTLE_GRAPH_SEED } = process.env;
const seeds =
  WHITTLE_GRAPH_SEED === undefined
    ? Array.from({ length: Number(WHITTLE_GRAPHS) }, (_, seed) => seed)
    : [Number(WHITTLE_GRAPH_SEED)];
const ways = [
  { optimize: 0 },
  { optimize: 2, fuse: 'auto' },
  { optimize: 2, fuse: 'all', splitGroups: 'all' },
] as const;
const tolerance = { relative: 0, scaled: 1e-4, absolute: 1e-7 };

describe.skipIf(!hasAdapter)('random graphs on a GPU', () => {
  let watched: WatchedDevice;

  beforeAll(async () => {
    watched = await openWatchedDevice();
  });
  afterAll(destroyDevices);

  it.each(seeds)('give what onnxruntime gives: seed %i', async (seed) => {
    const { graph, inputs } = randomGraph(seed);
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, dims], i) => [name, feedOf(dims, seed + i)]),
    );
    const model = exportOnnx(graph);
    const expected = await runOnnxruntime(model, feeds);
    for (const way of ways) {
      const where = `${JSON.stringify(way)}, seed ${seed}:\n${printGraph(graph, { elideAbove: 8 })}`;
      const { files } = await compile(exportOnnx(graph), { ...way, target: 'wgsl' });
      const instance = await loadGpuModel(files, watched.device);
      // Memory keeps what the run before has left there, which must not show.
      for (const turn of ['the first', 'the second']) {
        const results = await instance.run(feeds);
        for (const [name, data] of Object.entries(expected)) {
          const wanted = data as ArrayLike<number>;
          const difference = firstDifference(results[name]?.data, wanted, tolerance);
          expect(difference, `${name} of ${turn} run, ${where}`).toBeUndefined();
        }
      }
      instance.dispose();
      expect(await watched.takeComplaints(), where).toEqual([]);
    }
  });
});

function feedOf(dims: readonly number[], seed: number): Feed {
  const data = typedArrayOf(seededTensor('float32', dims, seed));
  if (!(data instanceof Float32Array)) throw new TypeError('Feeds are float32.');
  return { dtype: 'float32', dims, data };
}
