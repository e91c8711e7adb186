/** What holds for every run of a model on a GPU, whatever else goes on there. */

import { createHash } from 'node:crypto';
import { exportOnnx } from '@whittle/onnx';
import { findModel } from '@whittle/zoo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importModule, loadOptions } from '../../codegen-js/test/load-module.js';
import { destroyDevices, hasAdapter, openDevice } from '../../codegen-wgsl/test/gpu.js';
import { compile } from '../src/index.js';
import { imageFor } from './support/models.js';
import type { GpuModel } from './support/webgpu-model.js';

const dims = [1, 3, 32, 32];
const build = () => exportOnnx(findModel('mobilenet-v2').build({ size: 32, classes: 10 }));
const compileForGpu = async (options = {}) =>
  (await compile(build(), { target: 'wgsl', ...options })).files;

it.each(['auto', 'none', 'all'] as const)(
  'compiles to the same bytes with fuse %s',
  async (fuse) => {
    expect(hashesOf(await compileForGpu({ fuse }))).toEqual(
      hashesOf(await compileForGpu({ fuse })),
    );
  },
);

describe.skipIf(!hasAdapter)('on a GPU', () => {
  const images = [1, -0.5, 0.25].map((by) => imageFor(dims).data.map((value) => by * value));
  let load: () => Promise<GpuModel>;
  /** Of each image, alone. */
  let expected: readonly unknown[];

  beforeAll(async () => {
    const device = await openDevice();
    const files = await compileForGpu();
    const module = await importModule(files);
    load = async () => {
      const model: unknown = await module.load({ ...loadOptions(files), device });
      return model as GpuModel;
    };
    const alone: unknown[] = [];
    for (const input of images) {
      const model = await load();
      alone.push((await model.run({ input })).output?.data);
      model.dispose();
    }
    expected = alone;
  });
  afterAll(destroyDevices);

  it('each image has results of its own', () => {
    expect(new Set(expected.map(String)).size).toBe(images.length);
  });

  it('runs called at once take turns, with the same bits as alone', async () => {
    const model = await load();
    for (const _ of [1, 2]) {
      const running = images.map((input) => model.run({ input }));
      const results = await Promise.all(running);
      expect(results.map(({ output }) => output?.data)).toEqual(expected);
    }
    model.dispose();
  });

  it('instances of one device do not disturb each other', async () => {
    const models = await Promise.all(images.map(load));
    for (const _ of [1, 2]) {
      const running = models.map((model, i) => model.run({ input: images[i] }));
      const results = await Promise.all(running);
      expect(results.map(({ output }) => output?.data)).toEqual(expected);
    }
    // What one leaves behind is no part of the others.
    models[0]?.dispose();
    const results = await models[1]?.run({ input: images[1] });
    expect(results?.output?.data).toEqual(expected[1]);
  });
});

function hashesOf(files: ReadonlyMap<string, Uint8Array>): readonly string[] {
  return [...files].map(
    ([name, bytes]) => `${name} ${createHash('sha256').update(bytes).digest('hex')}`,
  );
}
