import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import type { Program } from '@whittle/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importModule, type LoadedModule } from '../../codegen-js/test/load-module.js';
import { describeModules, x, y } from '../../codegen-js/test/module-contract.js';
import { kinds, pointwise, renamed, scale } from '../../codegen-js/test/tiny-programs.js';
import { emitWasmModule, programModule } from '../src/index.js';
import { disassemble } from './wabt.js';

function emit(program: Program, inline = false): Promise<Map<string, Uint8Array>> {
  return emitWasmModule(program, { stem: 'tiny', inline });
}

async function wasmOf(program: Program): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from((await emit(program)).get('tiny.wasm') ?? expect.fail('no .wasm'));
}

describeModules(emitWasmModule);

describe('the files', () => {
  it.each([
    ['scale', scale],
    ['kinds', kinds],
  ])('of %s are the golden ones', async (name, program) => {
    for (const [file, bytes] of await emit(program)) {
      if (!/[.](?:js|d[.]ts)$/.test(file)) continue;
      const golden = `goldens/${file.replace('tiny', name)}`;
      await expect(Buffer.from(bytes).toString()).toMatchFileSnapshot(golden);
    }
  });

  it.each([
    ['scale', scale],
    ['pointwise', pointwise],
  ])('have the golden WebAssembly for %s', async (name, program) => {
    const { wasm } = programModule(program, { names: true });
    await expect(disassemble(wasm)).toMatchFileSnapshot(`goldens/${name}.wat`);
  });

  it('are the same bytes each time', async () => {
    expect(await emit(pointwise)).toEqual(await emit(pointwise));
  });

  it('lie beside the module, or inside', async () => {
    const beside = ['tiny.js', 'tiny.d.ts', 'tiny.wasm', 'tiny.weights.bin'];
    expect([...(await emit(scale)).keys()]).toEqual(beside);
    expect([...(await emit(kinds)).keys()]).toEqual(beside.slice(0, 3));
    expect([...(await emit(scale, true)).keys()]).toEqual(beside.slice(0, 2));
  });

  it('hold names of the model in string literals only', async () => {
    const [plain, hostile] = [
      await emit(renamed(scale, 'v')),
      await emit(renamed(scale, '"*/\u2028')),
    ];
    const shape = (files: Map<string, Uint8Array>): string =>
      Buffer.from(files.get('tiny.js') ?? [])
        .toString()
        .replace(/"(?:[^"\\]|\\.)*"/g, '""');
    expect(shape(hostile)).toBe(shape(plain));
    expect(hostile.get('tiny.wasm')).toEqual(plain.get('tiny.wasm'));
  });
});

describe('WebAssembly', () => {
  let directory = '';
  let module: LoadedModule;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'whittle-'));
    for (const [name, bytes] of await emit(scale)) await writeFile(join(directory, name), bytes);
    module = await import(/* @vite-ignore */ pathToFileURL(join(directory, 'tiny.js')).href);
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('comes from the file beside the module, a URL, a string, memory, or compiled', async () => {
    const file = pathToFileURL(join(directory, 'tiny.wasm'));
    const bytes = await wasmOf(scale);
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    const compiled = new WebAssembly.Module(bytes);
    const ofAnotherRealm = runInNewContext('new WebAssembly.Module(bytes)', { bytes });
    expect(ofAnotherRealm instanceof WebAssembly.Module).toBe(false);
    const sources = [
      ...[undefined, file, file.href],
      ...[bytes, bytes.buffer, shared, compiled, ofAnotherRealm],
    ];
    for (const wasm of sources) {
      const model = await module.load(wasm === undefined ? {} : { wasm });
      expect(model.run({ x }).y?.data).toEqual(y);
    }
  });

  it('is shared by instances that share nothing else', async () => {
    const wasm = new WebAssembly.Module(await wasmOf(scale));
    const [a, b] = await Promise.all([module.load({ wasm }), module.load({ wasm })]);
    const results = a.run({ x });
    b.run({ x: new Float32Array(4) });
    expect(results.y?.data).toEqual(y);
    a.dispose();
    expect(b.run({ x }).y?.data).toEqual(y);
  });

  it.each([
    ['what is none', async () => 5, 'wasm (unless it is a WebAssembly.Module): expected a URL'],
    ['bytes of something else', async () => new Uint8Array(8), 'WebAssembly'],
    ['that of another model', () => wasmOf(kinds), 'does not belong to this module'],
    [
      'a compiled one of another model',
      async () => new WebAssembly.Module(await wasmOf(pointwise)),
      'does not belong to this module',
    ],
  ])('refuses %s', async (_, wasm, message) => {
    await expect(module.load({ wasm: await wasm() })).rejects.toThrow(message);
  });

  it('needs no file, no URL and no compiler where it is handed in compiled', async () => {
    const files = await emit(scale);
    const wasm = new WebAssembly.Module(await wasmOf(scale));
    const { compile } = WebAssembly;
    Object.assign(WebAssembly, { compile: () => expect.fail('compiled') });
    try {
      const model = await (await importModule(files)).load({
        wasm,
        weights: files.get('tiny.weights.bin'),
      });
      expect(model.run({ x }).y?.data).toEqual(y);
    } finally {
      Object.assign(WebAssembly, { compile });
    }
  });

  it('has a memory of exactly what the program needs', async () => {
    const { wasm, places } = programModule(scale);
    const instance = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(wasm)));
    const memory = instance.exports.memory as WebAssembly.Memory;
    expect(memory.buffer.byteLength).toBe(Math.ceil(places.bytes / 65_536) * 65_536);
    expect(() => memory.grow(1)).toThrow(RangeError);
  });
});
