/// <reference types="@webgpu/types" />

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { GpuProgram } from '../src/gpu-program.ts';
import { type EmitGpuOptions, emitGpuModule } from '../src/host-module.ts';
import { destroyDevices, gpu, hasAdapter, openDevice } from './gpu.ts';
import { elementwise, prepared, renamed, scale, sums, unary } from './host-module-programs.ts';

interface Tensor {
  readonly data: ArrayLike<number | bigint> & ArrayBufferView;
  readonly dims: readonly number[];
  readonly dtype: string;
}

interface Model {
  run(feeds: object, results?: undefined): Promise<Record<string, Tensor>>;
  run<Given>(feeds: object, results: Given, onStep?: (step: number) => void): Promise<Given>;
  warmup(): Promise<void>;
  dispose(): void;
}

interface Module {
  load(options?: { device?: unknown; weights?: unknown }): Promise<Model>;
}

const x = Float32Array.of(1, -2, 0.5, 4);
/** What `scale` makes of `x`. */
const y = Float32Array.of(2, -3, 2.5, 17);

async function importProgram(
  program: GpuProgram,
  options: Partial<EmitGpuOptions> = {},
): Promise<Module> {
  const files = await emitGpuModule(program, { stem: 'tiny', inline: true, ...options });
  const base64 = Buffer.from(files.get('tiny.js') ?? []).toString('base64');
  return import(/* @vite-ignore */ `data:text/javascript;base64,${base64}`);
}

describe('emitGpuModule', () => {
  it('gives a module, its declarations and its weights, unless there are none or they are inside', async () => {
    const names = async (program: GpuProgram, inline: boolean): Promise<string[]> => [
      ...(await emitGpuModule(program, { stem: 'tiny', inline })).keys(),
    ];
    expect(await names(scale, false)).toEqual(['tiny.js', 'tiny.d.ts', 'tiny.weights.bin']);
    expect(await names(scale, true)).toEqual(['tiny.js', 'tiny.d.ts']);
    expect(await names(sums, false)).toEqual(['tiny.js', 'tiny.d.ts']);
  });

  it('differs in string literals only where names differ', async () => {
    const text = async (name: string): Promise<string> => {
      const files = await emitGpuModule(renamed(scale, name), { stem: 'tiny', inline: false });
      return Buffer.from(files.get('tiny.js') ?? []).toString();
    };
    const shape = (source: string): string => source.replace(/"(?:[^"\\]|\\.)*"/g, '""');
    expect(shape(await text('`${"*/\u2028'))).toBe(shape(await text('plain')));
  });
});

describe('load without a GPU', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('says what is missing', async () => {
    const { load } = await importProgram(sums);
    for (const navigator of [undefined, {}, { gpu: { requestAdapter: async () => null } }]) {
      vi.stubGlobal('navigator', navigator);
      await expect(load()).rejects.toMatchObject({ code: 'E_GPU_UNAVAILABLE' });
    }
    await expect(load({ device: {} })).rejects.toThrow('device: expected a GPUDevice, got Object.');
  });

  it('names the limit that an adapter lacks', async () => {
    const { load } = await importProgram({ ...sums, banks: [2 ** 29, 256, 256, 256] });
    const adapter = { limits: { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27 } };
    vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => adapter } });
    await expect(load()).rejects.toMatchObject({
      code: 'E_GPU_LIMIT',
      message: 'This model needs a maxBufferSize of 536870912, and the adapter has 268435456.',
    });
  });
});

describe.skipIf(!hasAdapter)('a module', () => {
  let device: GPUDevice;

  beforeAll(async () => {
    device = await openDevice();
  });
  afterAll(destroyDevices);
  afterEach(() => vi.unstubAllGlobals());

  const loadProgram = async (program: GpuProgram, options: Partial<EmitGpuOptions> = {}) =>
    (await importProgram(program, options)).load({ device });

  const buffer = (usage: number, size = 16, owner = device): GPUBuffer =>
    owner.createBuffer({ size, usage });
  const source = 4;
  const target = 8;

  /** What lies in a buffer with COPY_SRC. */
  const readFloats = async (from: GPUBuffer): Promise<Float32Array> => {
    const staging = buffer(1 | target);
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(from, 0, staging, 0, 16);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(1);
    return new Float32Array(staging.getMappedRange().slice(0));
  };

  describe('weights', () => {
    it('come from inside, from a file, or from memory, and have to be those of the module', async () => {
      expect((await (await loadProgram(scale)).run({ x })).y?.data).toEqual(y);
      const directory = await mkdtemp(join(tmpdir(), 'whittle-'));
      try {
        const files = await emitGpuModule(scale, { stem: 'tiny', inline: false });
        for (const [name, bytes] of files) await writeFile(join(directory, name), bytes);
        const path = pathToFileURL(join(directory, 'tiny.js')).href;
        const { load }: Module = await import(/* @vite-ignore */ path);
        const weights = files.get('tiny.weights.bin') ?? expect.fail('no weights');
        for (const options of [{ device }, { device, weights }]) {
          expect((await (await load(options)).run({ x })).y?.data).toEqual(y);
        }
        const other = weights.slice();
        other[5] = 1;
        const wrong = (bytes: Uint8Array) => load({ device, weights: bytes });
        await expect(wrong(other)).rejects.toThrow('do not belong to this module');
        await expect(wrong(weights.subarray(0, 60))).rejects.toThrow('expected 64 bytes');
        await expect(load({ device, weights: 5 })).rejects.toThrow(TypeError);
      } finally {
        await rm(directory, { recursive: true });
      }
    });

    it('are prepared once, before the first run', async () => {
      const model = await loadProgram(prepared);
      for (const _ of [1, 2]) expect((await model.run({ x })).y?.data).toEqual(y);
    });
  });

  describe('run', () => {
    it('takes arrays, gives fresh results without a prototype, or writes those given', async () => {
      const model = await loadProgram(scale);
      const first = await model.run({ x });
      expect(Object.getPrototypeOf(first)).toBeNull();
      expect(first.y).toEqual({ data: y, dims: [1, 4], dtype: 'float32' });
      const second = await model.run({ x: { data: x, dims: [1, 4] } });
      expect(await model.run({ x: new Float32Array(4) }, first)).toBe(first);
      expect(first.y?.data).toEqual(Float32Array.of(1, 1, 1, 1));
      expect(second.y?.data).toEqual(y);
      const shared = new Float32Array(new SharedArrayBuffer(16));
      shared.set(x);
      await model.run({ x: shared }, { y: { data: shared } });
      expect(Array.from(shared)).toEqual(Array.from(y));
    });

    it('says what it expected, and writes nothing', async () => {
      const model = await loadProgram(scale);
      const cases: readonly (readonly [unknown, unknown, string])[] = [
        [undefined, undefined, 'feeds: expected an object'],
        [{}, undefined, 'feeds: "x" is missing.'],
        [{ x, z: x }, undefined, 'feeds: "z" is not one of "x".'],
        [{ x: [1, 2, 3, 4] }, undefined, 'expected a Float32Array, got Array.'],
        [{ x: { data: x, dims: [4] } }, undefined, 'feeds: "x": expected dims [1,4], got [4].'],
        [
          { x: buffer(target) },
          undefined,
          'feeds: "x": expected a GPUBuffer with the usage COPY_SRC.',
        ],
        [{ x: buffer(source, 12) }, undefined, 'a GPUBuffer of 16 bytes or more, got 12.'],
        [{ x: { data: buffer(source), dims: [4] } }, undefined, 'expected dims [1,4], got [4].'],
        [{ x }, {}, 'results: "y" is missing.'],
        [{ x }, { y: x }, 'expected an object with data, dims and dtype, got an array.'],
        [
          { x },
          { y: buffer(source) },
          'results: "y": expected a GPUBuffer with the usage COPY_DST.',
        ],
      ];
      for (const [feeds, results, message] of cases) {
        const error: unknown = await model.run(feeds as object, results).catch((caught) => caught);
        expect(error).toBeInstanceOf(TypeError);
        expect(String(error)).toContain(message);
      }
    });

    it('refuses buffers of another device, and works again', async () => {
      const model = await loadProgram(scale);
      const foreign = buffer(source, 16, await openDevice());
      const error: unknown = await model.run({ x: foreign }).catch((caught) => caught);
      expect(error).toBeInstanceOf(TypeError);
      expect(error).toMatchObject({ code: 'E_GPU_DEVICE' });
      expect((await model.run({ x })).y?.data).toEqual(y);
    });

    it('chains models by buffers, without waiting', async () => {
      const [first, second] = await Promise.all([loadProgram(scale), loadProgram(sums)]);
      const between = { data: buffer(source | target), dims: [1, 4], dtype: 'float32' };
      const bare = buffer(source | target);
      const running = first.run({ x }, { y: between });
      const results = { sum: bare, twice: { data: new Float32Array(4) } };
      const done = second.run({ a: between, b: between.data }, results);
      expect((await running).y).toBe(between);
      expect(await done).toBe(results);
      expect(await readFloats(between.data)).toEqual(y);
      expect(await readFloats(bare)).toEqual(y.map((value) => 2 * value));
      expect(results.twice.data).toEqual(y.map((value) => 4 * value));
    });

    it('takes turns, with the feeds as they were', async () => {
      const model = await loadProgram(scale);
      const feed = new Float32Array(4);
      const running = [0, 1, 2, 3, 4].map((value) => model.run({ x: feed.fill(value) }));
      const all = await Promise.all(running);
      expect(all.map((results) => Number(results.y?.data[1]))).toEqual([1, 3, 5, 7, 9]);
    });

    it.each([
      '__proto__',
      'constructor',
      'then',
      '',
      '"',
      '`$' + '{0}`',
      '*/',
      '</script>',
      '\ud800',
    ])('knows tensors by any name: %j', async (name) => {
      const model = await loadProgram(renamed(scale, name));
      const feeds = Object.defineProperty({}, name, { value: x, enumerable: true });
      const results = await model.run(feeds);
      expect(Object.keys(results)).toEqual([name]);
      expect(results[name]?.data).toEqual(y);
    });

    it('says when each step begins and when the last has ended, on demand', async () => {
      const model = await loadProgram(sums, { profile: true });
      const heard: number[] = [];
      const feed = x.slice();
      const results = model.run({ a: feed, b: x }, undefined, (step) => heard.push(step));
      const second = model.run({ a: feed.fill(0), b: x });
      expect((await second).sum?.data).toEqual(x);
      expect((await results) as unknown).toMatchObject({ twice: { data: x.map((a) => 4 * a) } });
      expect(heard).toEqual([0, 1, 2]);
    });
  });

  describe('elements', () => {
    const cases: readonly (readonly [
      Parameters<typeof unary>,
      ArrayBufferView,
      ArrayBufferView,
    ])[] = [
      [
        ['int64', 'i32', 'a[i] + 1'],
        BigInt64Array.of(-(2n ** 31n), -1n, 0n, 2n ** 31n - 2n),
        BigInt64Array.of(-(2n ** 31n) + 1n, 0n, 1n, 2n ** 31n - 1n),
      ],
      [
        ['uint64', 'u32', 'a[i] - 1u'],
        BigUint64Array.of(1n, 2n, 3n, 2n ** 32n - 1n),
        BigUint64Array.of(0n, 1n, 2n, 2n ** 32n - 2n),
      ],
      [['bool', 'u32', '1u - a[i]'], Uint8Array.of(0, 1, 0, 2), Uint8Array.of(1, 0, 1, 0)],
      [
        ['int8', 'i32', '-a[i] - 1'],
        Int8Array.of(-128, 127, 0, 5),
        Int8Array.of(127, -128, -1, -6),
      ],
      [
        ['uint16', 'u32', 'a[i] / 2u'],
        Uint16Array.of(65535, 1, 2, 0),
        Uint16Array.of(32767, 0, 1, 0),
      ],
      [['int32', 'i32', '-a[i]'], Int32Array.of(1, -2, 3, 0), Int32Array.of(-1, 2, -3, 0)],
      [
        // 1/3, -0.5, the least subnormal, the largest; tripled.
        ['float16', 'f32', 'a[i] * 3.0'],
        Uint16Array.of(0x3555, 0xb800, 0x0001, 0x7bff),
        Uint16Array.of(0x3c00, 0xbe00, 0x0003, 0x7c00),
      ],
      [
        // 1, -2, 2 ** -126 and infinity; tripled.
        ['bfloat16', 'f32', 'a[i] * 3.0'],
        Uint16Array.of(0x3f80, 0xc000, 0x0080, 0x7f80),
        Uint16Array.of(0x4040, 0xc0c0, 0x0140, 0x7f80),
      ],
    ];

    it.each(cases)('are converted at the edge: %j', async (program, feed, expected) => {
      const model = await loadProgram(unary(...program));
      expect((await model.run({ x: feed })).y?.data).toEqual(expected);
    });

    it('of 64 bits are refused where they take more than 32', async () => {
      for (const [dtype, element, feed] of [
        ['int64', 'i32', BigInt64Array.of(0n, 2n ** 31n, 0n, 0n)],
        ['uint64', 'u32', BigUint64Array.of(0n, 2n ** 32n, 0n, 0n)],
      ] as const) {
        const running = (await loadProgram(unary(dtype, element, 'a[i]'))).run({ x: feed });
        await expect(running).rejects.toThrow(RangeError);
        await expect(running).rejects.toThrow(
          `feeds: "x": expected integers of 32 bits, got ${feed[1]} at 1.`,
        );
      }
    });

    it('of 16 bits are rounded to nearest, ties to even, and keep infinities and NaN', async () => {
      const model = await loadProgram({
        ...unary('float16', 'f32', 'a[i]'),
        inputs: unary('float32', 'f32', '').inputs,
      });
      const halves = async (...values: number[]) =>
        Array.from((await model.run({ x: Float32Array.from(values) })).y?.data ?? []);
      expect(await halves(1 + 2 ** -11, 1 + 3 * 2 ** -11, 65519, 65520)).toEqual([
        0x3c00, 0x3c02, 0x7bff, 0x7c00,
      ]);
      expect(await halves(-(2 ** -25), 3 * 2 ** -25, 2 ** -14 - 2 ** -25, 0.1)).toEqual([
        0x8000, 0x0002, 0x0400, 0x2e66,
      ]);
      expect(await halves(Number.NEGATIVE_INFINITY, Number.NaN, -0, 2 ** -14)).toEqual([
        0xfc00, 0x7e00, 0x8000, 0x0400,
      ]);
    });
  });

  describe('a device', () => {
    it('has each pipeline once, and instances of its own', async () => {
      const own = await openDevice();
      const making = vi.spyOn(own, 'createComputePipelineAsync');
      const { load } = await importProgram(sums);
      const [a, b] = await Promise.all([load({ device: own }), load({ device: own })]);
      const c = await load({ device: own });
      expect(making).toHaveBeenCalledTimes(2);
      a.dispose();
      a.dispose();
      await expect(a.run({ a: x, b: x })).rejects.toThrow('disposed');
      const runs = await Promise.all([b.run({ a: x, b: x }), c.run({ a: x, b: y })]);
      expect(runs[0].sum?.data).toEqual(x.map((value) => 2 * value));
      expect(runs[1].sum?.data).toEqual(x.map((value, i) => value + Number(y[i])));
    });

    it('is asked for where none is given, warmed up, and destroyed by dispose', async () => {
      const opened: GPUDevice[] = [];
      vi.stubGlobal('navigator', {
        gpu: { requestAdapter: async () => watchAdapter(await gpu.requestAdapter(), opened) },
      });
      const model = await (await importProgram(scale)).load();
      await model.warmup();
      expect((await model.run({ x })).y?.data).toEqual(y);
      model.dispose();
      expect((await opened[0]?.lost)?.reason).toBe('destroyed');
      await expect(model.run({ x })).rejects.toThrow('disposed');
      await expect(model.warmup()).rejects.toThrow('disposed');
    });

    it('that is disposed of in a run ends the run', async () => {
      for (const given of [device, undefined]) {
        vi.stubGlobal('navigator', { gpu });
        const model = await (await importProgram(scale)).load(given ? { device: given } : {});
        const running = [model.run({ x }), model.run({ x })];
        model.dispose();
        for (const run of running) await expect(run).rejects.toThrow('disposed');
      }
    });

    it('that is lost ends runs, now and later; then load makes another', async () => {
      const own = await openDevice();
      const { load } = await importProgram(scale);
      const model = await load({ device: own });
      const running = model.run({ x });
      own.destroy();
      await expect(running).rejects.toMatchObject({ code: 'E_GPU_LOST' });
      await expect(model.run({ x })).rejects.toMatchObject({ code: 'E_GPU_LOST' });
      await expect(load({ device: own })).rejects.toMatchObject({ code: 'E_GPU_LOST' });
      model.dispose();
      await expect(model.run({ x })).rejects.toThrow('disposed');
      vi.stubGlobal('navigator', { gpu });
      const again = await load();
      expect((await again.run({ x })).y?.data).toEqual(y);
      again.dispose();
    });

    it('that refuses a shader says why, without noise, and may be asked again', async () => {
      const noise = vi.fn();
      device.addEventListener('uncapturederror', noise);
      const broken = { ...sums, shaders: [sums.shaders[0], elementwise('f32', 1, 'nothing')] };
      const { load } = await importProgram(broken as GpuProgram);
      for (const _ of [1, 2]) {
        const error: unknown = await load({ device }).catch((caught) => caught);
        expect(error).toMatchObject({ code: 'E_GPU_SHADER' });
        expect(String(error)).toMatch(/Shader 1 does not compile: line 7: .*nothing/);
      }
      expect(noise).not.toHaveBeenCalled();
    });

    it('that refuses a buffer or a binding says so at load', async () => {
      const outside = { ...sums, banks: [256, 256, 256, 4] };
      await expect(loadProgram(outside)).rejects.toMatchObject({ code: 'E_GPU_DEVICE' });
    });

    it('with too low limits is refused', async () => {
      const large = await importProgram({ ...sums, banks: [2 ** 40, 256, 256, 256] });
      await expect(large.load({ device })).rejects.toMatchObject({ code: 'E_GPU_LIMIT' });
    });
  });
});

/** The adapter, where each device that it gives is noted. */
function watchAdapter(adapter: GPUAdapter | null, opened: GPUDevice[]) {
  return (
    adapter && {
      limits: adapter.limits,
      requestDevice: async (descriptor: GPUDeviceDescriptor) => {
        const device = await adapter.requestDevice(descriptor);
        opened.push(device);
        return device;
      },
    }
  );
}
