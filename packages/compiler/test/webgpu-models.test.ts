/**
 * Whole models on a GPU against onnxruntime-node, whole outputs: the largest error is at most 1e-3 of the
 * largest output. No compiler has anything to say of a shader, and no run sees what another one left.
 *
 * Images are small, since pipelines and runs are slow where a GPU is only played by the processor;
 * `WHITTLE_WEBGPU_SIZE=224` has them as large as the models are made for, and prints a table.
 */

import type { Policy, TypedArray } from '@whittle/ir';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { destroyDevices, hasAdapter } from '../../codegen-wgsl/test/gpu.js';
import { compile } from '../src/index.js';
import { relativeError, runOnnxruntime } from './support/onnxruntime.js';
import { openWatchedDevice, type WatchedDevice } from './support/webgpu-device.js';
import { loadGpuModel } from './support/webgpu-model.js';
import { gpuModels } from './support/webgpu-models.js';

const { WHITTLE_WEBGPU_SIZE } = process.env;
const size = WHITTLE_WEBGPU_SIZE === undefined ? undefined : Number(WHITTLE_WEBGPU_SIZE);
const policies: readonly Policy[] = ['auto', 'none', 'all'];
/** What is fused in every way by default, since shaders take a software adapter long to compile. */
const inEveryWay: ReadonlySet<string> = new Set(['mobilenet-v2']);
const rows: object[] = [];

describe.skipIf(!hasAdapter)('on a GPU', () => {
  let watched: WatchedDevice;

  beforeAll(async () => {
    watched = await openWatchedDevice();
  });
  afterAll(() => {
    destroyDevices();
    if (size !== undefined) console.table(rows);
  });

  describe.each(gpuModels(size))('$id of $dims', ({ id, isSeparable, input, dims, ...of }) => {
    const feed = of.feed();
    const nothing = { [input]: new Float32Array(feed.data.length) };
    const seen = new Set<string>();
    let model: Uint8Array;
    let expected: Record<string, TypedArray>;

    // One model after the other: all at once would need gigabytes.
    beforeAll(async () => {
      model = of.bytes();
      expected = await runOnnxruntime(model, { [input]: feed });
    });

    const isThorough = isSeparable && (size !== undefined || inEveryWay.has(id));
    it.each(isThorough ? policies : ['auto' as const])('with fuse %s', async (fuse) => {
      const options = { target: 'wgsl', fuse, shapes: { [input]: dims } } as const;
      const { files, report } = await compile(model, options);
      expect(report.warnings).toEqual([]);
      const code = Buffer.from(files.get('model.js') ?? []).toString();
      // What the cost model chose may be what it is made to choose: once is enough.
      if (seen.has(code)) return;
      seen.add(code);

      const instance = await loadGpuModel(files, watched.device);
      const results = await instance.run({ [input]: feed.data });
      await instance.run(nothing);
      expect(await instance.run({ [input]: feed.data })).toEqual(results);
      instance.dispose();
      expect(await watched.takeComplaints()).toEqual([]);

      expect(Object.keys(results)).toEqual(Object.keys(expected));
      const errors = Object.entries(results).map(([name, { data }]) =>
        relativeError(data, expected[name] as ArrayLike<number>),
      );
      const error = Math.max(...errors);
      const { kernels, steps } = report.program;
      rows.push({ id, fuse, steps, kernels, error: error.toExponential(1) });
      expect(error).toBeLessThanOrEqual(1e-3);
    });
  });
});
