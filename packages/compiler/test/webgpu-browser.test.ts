/**
 * Models on the GPU of a real browser: served to a page whose policy allows scripts from its own origin
 * and nothing else, they load, fetch their weights, and compute what they compute in Node. A device that
 * is lost ends a run, and models pass results on without reading them back.
 *
 * Needs Chromium at /usr/bin/chromium or $CHROMIUM; CI must have it, elsewhere the test says so.
 */

import { gzipSync } from 'node:zlib';
import { GraphBuilder } from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { destroyDevices, hasAdapter, openDevice } from '../../codegen-wgsl/test/gpu.js';
import { type CompileOptions, compile } from '../src/index.js';
import { relativeError, runOnnxruntime } from './support/onnxruntime.js';
import { smallModel } from './support/small-model.js';
import { loadGpuModel } from './support/webgpu-model.js';
import { ocrModel, zooModel } from './support/webgpu-models.js';
import { type GpuPages, hasChromium, openGpuPages } from './support/webgpu-page.js';

type Files = ReadonlyMap<string, Uint8Array>;

const compileForGpu = async (bytes: Uint8Array, options: CompileOptions = {}): Promise<Files> =>
  (await compile(bytes, { target: 'wgsl', ...options })).files;

it('MobileNetV2 is at most 30 KB of code, gzipped', async () => {
  const code =
    (await compileForGpu(zooModel('mobilenet-v2', 224).bytes())).get('model.js') ??
    expect.fail('no code');
  expect(gzipSync(code).length).toBeLessThanOrEqual(30 * 1024);
});

describe.runIf(hasChromium)('in Chromium', () => {
  let pages: GpuPages;

  beforeAll(async () => {
    pages = await openGpuPages();
  });
  afterAll(async () => {
    destroyDevices();
    await pages.close();
  });

  it
    .skipIf(!hasAdapter)
    .each([zooModel('mobilenet-v2', 224), ocrModel('detection', [1, 3, 64, 64])])(
    '$id of $dims gives what it gives in Node, and what onnxruntime gives',
    async (model) => {
      const { input, dims } = model;
      const feed = model.feed();
      const bytes = model.bytes();
      const files = await compileForGpu(bytes, { shapes: { [input]: dims } });
      const { evaluated, output } = (await pages.run(
        `
      import { load, inputs } from '/model.js';
      let evaluated = 'no';
      try { evaluated = new Function('return "yes"')(); } catch {}
      const feed = new Float32Array(await (await fetch('/feed.bin')).arrayBuffer());
      const model = await load();
      await model.warmup();
      const results = await model.run({ [inputs[0].name]: feed });
      model.dispose();
      done({ evaluated, output: Object.values(results).map(({ data }) => Array.from(data))[0] });`,
        { ...served(files), '/feed.bin': bytesOf(feed.data) },
      )) as { evaluated: string; output: number[] };
      expect(evaluated).toBe('no');
      const inNode = await loadGpuModel(files, await openDevice());
      const [fromNode] = Object.values(await inNode.run({ [input]: feed.data }));
      expect(relativeError(output, fromNode?.data ?? [])).toBeLessThanOrEqual(1e-5);
      const [expected] = Object.values(await runOnnxruntime(bytes, { [input]: feed }));
      expect(relativeError(output, expected as ArrayLike<number>)).toBeLessThanOrEqual(1e-3);
    },
  );

  it('a device that is lost ends a run, and load makes another', async () => {
    const codes = await pages.run(
      `
      import { load, inputs } from '/model.js';
      const adapter = await navigator.gpu.requestAdapter();
      const device = await adapter.requestDevice();
      const [{ name, dims }] = inputs;
      const feed = new Float32Array(dims.reduce((product, dim) => product * dim)).fill(0.5);
      const codeOf = (promise) => promise.then(() => 'none', ({ code }) => code);
      const model = await load({ device });
      const before = await model.run({ [name]: feed });
      const running = model.run({ [name]: feed });
      device.destroy();
      const codes = [await codeOf(running), await codeOf(model.run({ [name]: feed }))];
      codes.push(await codeOf(load({ device })));
      const after = await (await load()).run({ [name]: feed });
      codes.push(String(after.scores.data) === String(before.scores.data));
      done(codes);`,
      served(await compileForGpu(smallModel())),
    );
    expect(codes).toEqual(['E_GPU_LOST', 'E_GPU_LOST', 'E_GPU_LOST', true]);
  });

  it('models pass results on in buffers', async () => {
    const [first, second] = await Promise.all([
      compileForGpu(elementwise('first', 'Mul', 3), { name: 'first' }),
      compileForGpu(elementwise('second', 'Add', 0.5), { name: 'second' }),
    ]);
    const results = await pages.run(
      `
      import { load as loadFirst } from '/first.js';
      import { load as loadSecond } from '/second.js';
      let mappings = 0;
      const { mapAsync } = GPUBuffer.prototype;
      GPUBuffer.prototype.mapAsync = function (...given) {
        mappings++;
        return mapAsync.apply(this, given);
      };
      const device = await (await navigator.gpu.requestAdapter()).requestDevice();
      const [first, second] = [await loadFirst({ device }), await loadSecond({ device })];
      const { COPY_SRC, COPY_DST } = GPUBufferUsage;
      const between = device.createBuffer({ size: 16, usage: COPY_SRC | COPY_DST });
      await first.run({ x: Float32Array.of(1, 2, -3, 4) }, { y: between });
      const mappedBefore = mappings;
      const { y } = await second.run({ x: between });
      done({ y: Array.from(y.data), mappedBefore, mappings });`,
      { ...served(first), ...served(second) },
    );
    expect(results).toEqual({ y: [3.5, 6.5, -8.5, 12.5], mappedBefore: 0, mappings: 1 });
  });
});

/** y = x op by, of four elements. */
function elementwise(name: string, op: 'Add' | 'Mul', by: number): Uint8Array {
  const builder = new GraphBuilder(name);
  const x = builder.input('x', 'float32', [1, 4]);
  builder.output('y', builder.op(op, [x, builder.scalar('float32', by)]));
  return exportOnnx(builder.build());
}

function served(files: Files): Record<string, Uint8Array> {
  return Object.fromEntries([...files].map(([name, bytes]) => [`/${name}`, bytes]));
}

function bytesOf(data: Float32Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
