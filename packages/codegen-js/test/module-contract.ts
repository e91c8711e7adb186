/**
 * What every emitted module does, whatever its target: how it loads, what `run` takes, gives and refuses, and
 * that names of the model are only names.
 */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { interpretProgram, type Program } from '@whittle/kernel';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { importModule, type LoadedModule, loadModel } from './load-module.js';
import { kinds, pointwise, prepared, renamed, scale } from './tiny-programs.js';

/** How a target turns a program into files. */
export type Emit = (
  program: Program,
  options: { readonly stem: string; readonly inline: boolean; readonly profile?: boolean },
) => Promise<Map<string, Uint8Array>>;

export const x = Float32Array.of(1, -2, 0.5, 4);
/** What `scale` makes of `x`. */
export const y = Float32Array.of(2, -3, 2.5, 17);

/** Declares the tests. */
export function describeModules(emitProgram: Emit): void {
  const emit = (program: Program, inline = false) => emitProgram(program, { stem: 'tiny', inline });
  describeWeights(emit, emitProgram);
  describeRun(emit);
  describeNames(emit);
  describeProfile(emitProgram);
}

/** A module for measuring. */
function describeProfile(emitProgram: Emit): void {
  it('says when each step begins and when the last has ended, on demand', async () => {
    const options = { stem: 'tiny', inline: false };
    const plain = await loadModel(await emitProgram(pointwise, options));
    const model = await loadModel(await emitProgram(pointwise, { ...options, profile: true }));
    const feeds = { x: Float32Array.from({ length: 12 }, (_, i) => i - 6) };
    const heard: number[] = [];
    const results = model.run(feeds, undefined, (step) => heard.push(step));
    expect(heard).toEqual([0, 1, 2]);
    expect(results).toEqual(plain.run(feeds));
    expect(model.run(feeds)).toEqual(results);
    expect(plain.run.length).toBe(2);
  });
}

type EmitTiny = (program: Program, inline?: boolean) => Promise<Map<string, Uint8Array>>;

function describeWeights(emit: EmitTiny, emitProgram: Emit): void {
  describe('weights', () => {
    let directory = '';
    let files: Map<string, Uint8Array>;
    let module: LoadedModule;
    const weightsOf = (): Uint8Array => files.get('tiny.weights.bin') ?? expect.fail('no weights');

    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'whittle-'));
      files = await emit(scale);
      for (const [name, bytes] of files) await writeFile(join(directory, name), bytes);
      module = await import(/* @vite-ignore */ pathToFileURL(join(directory, 'tiny.js')).href);
    });
    afterAll(() => rm(directory, { recursive: true }));

    it('come from the file beside the module, a URL, a string, or memory', async () => {
      const file = pathToFileURL(join(directory, 'tiny.weights.bin'));
      const unaligned = new Uint8Array(weightsOf().length + 3).subarray(3);
      unaligned.set(weightsOf());
      const sources = [
        undefined,
        file,
        file.href,
        weightsOf(),
        weightsOf().slice().buffer,
        unaligned,
      ];
      for (const weights of sources) {
        const model = await module.load(weights === undefined ? {} : { weights });
        expect(model.run({ x }).y?.data).toEqual(y);
      }
    });

    it('that are not those of the module are refused', async () => {
      const other = weightsOf().slice();
      other[5] = 1;
      await expect(module.load({ weights: other })).rejects.toThrow('do not belong to this module');
      const short = weightsOf().subarray(0, 60);
      await expect(module.load({ weights: short })).rejects.toThrow('expected 64 bytes');
      await expect(module.load({ weights: 5 })).rejects.toThrow(TypeError);
    });

    it('come in pieces from a server, which may have others', async () => {
      const bytes = weightsOf();
      const answer = (parts: readonly Uint8Array[], status = 200): void => {
        const body = new ReadableStream({
          start(controller) {
            for (const part of parts) controller.enqueue(part);
            controller.close();
          },
        });
        vi.stubGlobal('fetch', () => Promise.resolve(new Response(body, { status })));
      };
      const weights = 'http://127.0.0.1/tiny.weights.bin';
      try {
        answer([bytes.subarray(0, 7), bytes.subarray(7, 60), bytes.subarray(60)]);
        expect((await module.load({ weights })).run({ x }).y?.data).toEqual(y);
        for (const parts of [[], [bytes.subarray(0, 60)], [bytes, bytes]]) {
          answer(parts);
          const size = parts.reduce((sum, part) => sum + part.length, 0);
          await expect(module.load({ weights })).rejects.toThrow(`expected 64 bytes, got ${size}`);
        }
        answer([bytes], 404);
        await expect(module.load({ weights })).rejects.toThrow('HTTP status 404');
      } finally {
        vi.unstubAllGlobals();
      }
    });

    it('in a file of another size are refused', async () => {
      const file = join(directory, 'other.bin');
      for (const size of [0, 60, 128]) {
        await writeFile(file, new Uint8Array(size));
        const loading = module.load({ weights: pathToFileURL(file) });
        await expect(loading).rejects.toThrow(`expected 64 bytes, got ${size}`);
      }
    });

    it('are prepared before the first run', async () => {
      const options = { stem: 'tiny', inline: false };
      for (const profile of [false, true]) {
        const model = await loadModel(await emitProgram(prepared, { ...options, profile }));
        for (const _ of [1, 2]) expect(model.run({ x }).y?.data).toEqual(y);
      }
    });

    it('are decoded from the module when they are inside', async () => {
      const model = await (await importModule(await emit(scale, true))).load();
      expect(model.run({ x }).y?.data).toEqual(y);
    });
  });
}

function describeRun(emit: EmitTiny): void {
  describe('run', () => {
    it('computes what the interpreter computes, for every kind of element', async () => {
      const feeds = {
        wide: { dtype: 'int64', dims: [3], data: BigInt64Array.of(-7n, 2n ** 62n, 5n) },
        half: { dtype: 'float16', dims: [3], data: Uint16Array.of(0x3555, 0xb800, 0x7bff) },
        bytes: { dtype: 'uint8', dims: [3], data: Uint8Array.of(8, 255, 0) },
      } as const;
      const model = await loadModel(await emit(kinds));
      expect(model.run(feeds)).toEqual(interpretProgram(kinds, feeds));
    });

    it('gives results without a prototype, fresh each time unless it is given some', async () => {
      const model = await loadModel(await emit(scale));
      const first = model.run({ x });
      expect(Object.getPrototypeOf(first)).toBeNull();
      expect(first.y).toEqual({ data: y, dims: [1, 4], dtype: 'float32' });
      const second = model.run({ x: { data: x, dims: [1, 4] } });
      expect(second.y?.data).not.toBe(first.y?.data);
      const data = first.y?.data;
      expect(model.run({ x: Float32Array.of(0, 0, 0, 0) }, first)).toBe(first);
      expect(first.y?.data).toBe(data);
      expect(data).toEqual(Float32Array.of(1, 1, 1, 1));
      expect(second.y?.data).toEqual(y);
    });

    it('says what it expected', async () => {
      const model = await loadModel(await emit(scale));
      const detached = Float32Array.of(1, 2, 3, 4);
      structuredClone(detached.buffer, { transfer: [detached.buffer] });
      const cases: readonly (readonly [unknown, string])[] = [
        [undefined, 'feeds: expected an object'],
        [{}, 'feeds: "x" is missing.'],
        [{ x, z: x }, 'feeds: "z" is not one of "x".'],
        [{ x: null }, 'feeds: "x" is float32: expected a Float32Array, got Null.'],
        [{ x: [1, 2, 3, 4] }, 'expected a Float32Array, got Array.'],
        [{ x: new Float64Array(4) }, 'expected a Float32Array, got Float64Array.'],
        [{ x: new Float32Array(5) }, 'feeds: "x": expected 4 elements, dims [1,4], got 5.'],
        [{ x: { data: x, dims: [4] } }, 'feeds: "x": expected dims [1,4], got [4].'],
        [{ x: detached }, 'expected 4 elements'],
        [{ x: { data: x, dims: 'four' } }, 'feeds: "x": expected dims [1,4]'],
        [[x], 'feeds: "0" is not one of "x".'],
        [Object.create({ x }), 'feeds: "x" is missing.'],
      ];
      for (const [feeds, message] of cases) {
        const run = () => model.run(feeds as object);
        expect(run).toThrow(TypeError);
        expect(run).toThrow(message);
      }
      expect(() => model.run({ x }, { y: { data: new Float32Array(3) } })).toThrow(
        'results: "y": expected 4 elements',
      );
      expect(() => model.run({ x }, {})).toThrow('results: "y" is missing.');
      expect(() => model.run({ x }, { y: new Float32Array(4) })).toThrow(
        'results: "y": expected an object with data, dims and dtype, got an array.',
      );
    });

    it('takes and gives arrays over shared memory', async () => {
      const model = await loadModel(await emit(scale));
      const shared = (): Float32Array => new Float32Array(new SharedArrayBuffer(16));
      const [feed, data] = [shared(), shared()];
      feed.set(x);
      model.run({ x: feed }, { y: { data } });
      expect(Array.from(data)).toEqual(Array.from(y));
    });

    it('ends in an error where reading the feeds disposes of the model', async () => {
      const model = await loadModel(await emit(scale));
      const feeds = {
        get x() {
          model.dispose();
          return x;
        },
      };
      expect(() => model.run(feeds)).toThrow('disposed');
    });

    it('is of an instance that shares nothing and ends with dispose', async () => {
      const module = await importModule(await emit(scale, true));
      const [a, b] = [await module.load(), await module.load()];
      a.dispose();
      a.dispose();
      expect(() => a.run({ x })).toThrow('disposed');
      expect(b.run({ x }).y?.data).toEqual(y);
    });
  });
}

function describeNames(emit: EmitTiny): void {
  describe('names of the model', () => {
    const hostile = [
      ...[
        '__proto__',
        'constructor',
        'then',
        '',
        '"',
        "'",
        `\`$\{process.exit(1)}\``,
        '*/ throw 1 /*',
      ],
      ...[
        '</script><script>alert(1)</script>',
        '\u2028\n\r\0',
        '\\',
        '\ud800',
        'run',
        'f32',
        'x y',
      ],
    ];

    it.each(hostile)('may be anything: %j', async (name) => {
      const model = await loadModel(await emit(renamed(scale, name)));
      const feeds = Object.defineProperty({}, name, { value: x, enumerable: true });
      const results = await model.run(feeds);
      expect(Object.keys(results)).toEqual([name]);
      expect(results[name]?.data).toEqual(y);
    });
  });
}
