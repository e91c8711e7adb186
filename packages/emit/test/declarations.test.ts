import { describe, expect, it } from 'vitest';
import { type DeclaredTensor, type ModelDeclaration, printDeclarations } from '../src/index.ts';
import { hostileNames } from './hostile-names.ts';
import { syntaxErrors, syntaxShape } from './syntax-shape.ts';
import { typeErrors } from './type-errors.ts';

const plain = { async: false, wasm: false, threads: false, gpu: false };
const image: DeclaredTensor = { name: 'image', dtype: 'float32', dims: ['batch', 3, 32, 32] };
const scores: DeclaredTensor = { name: 'scores', dtype: 'float32', dims: ['batch', 10] };
const classifier: ModelDeclaration = { ...plain, inputs: [image], outputs: [scores] };

function modelWith(name: string): ModelDeclaration {
  const tensor: DeclaredTensor = { name, dtype: 'int64', dims: [2, name] };
  return { async: true, wasm: true, threads: true, gpu: true, inputs: [tensor], outputs: [tensor] };
}

describe('printDeclarations', () => {
  it('prints a model with everything', async () => {
    const mask: DeclaredTensor = { name: 'attention/mask:0', dtype: 'bool', dims: [] };
    const text = await printDeclarations({
      inputs: [image, mask, { name: 'half', dtype: 'float16', dims: [4] }],
      outputs: [scores],
      async: true,
      wasm: true,
      threads: true,
      gpu: true,
    });
    expect(text).toMatchInlineSnapshot(`
      "type WebUrl = typeof globalThis extends { URL: { prototype: infer Instance } } ? Instance : { readonly href: string };
      type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Instance } } } ? Instance : never;
      type Device = typeof globalThis extends { GPUDevice: { prototype: infer Instance } } ? Instance : object;
      type DeviceBuffer = typeof globalThis extends { GPUBuffer: { prototype: infer Instance } } ? Instance : { readonly size: number };
      type Float16Bits = typeof globalThis extends { Float16Array: { prototype: infer Instance } } ? Instance : never;
      /** The inputs of the model, in its order. */
      export declare const inputs: readonly [
        { readonly name: "image"; readonly dtype: "float32"; readonly dims: readonly ["batch", 3, 32, 32] },
        { readonly name: "attention/mask:0"; readonly dtype: "bool"; readonly dims: readonly [] },
        { readonly name: "half"; readonly dtype: "float16"; readonly dims: readonly [4] },
      ];
      /** The outputs of the model, in its order. */
      export declare const outputs: readonly [
        { readonly name: "scores"; readonly dtype: "float32"; readonly dims: readonly ["batch", 10] },
      ];

      /** What \`load\` may be given. */
      export interface LoadOptions {
        /** The weights, or where they are. By default the file beside this one. */
        readonly weights?: WebUrl | string | ArrayBuffer | Uint8Array;
        /** The WebAssembly module, its bytes, or where they are. By default the file beside this one. */
        readonly wasm?: WebUrl | string | ArrayBuffer | Uint8Array | WasmModule;
        /** How many threads take part in a run. */
        readonly threads?: number;
        /** The device to run on. By default one is asked for. */
        readonly device?: Device;
        /** Sizes for the symbolic dims. */
        readonly dims?: Readonly<Record<string, number>>;
      }

      /** What \`run\` reads: the data of each input, alone or with its dims. */
      export interface Feeds {
        /** float32 [?, 3, 32, 32] */
        readonly "image": Float32Array | { readonly data: Float32Array; readonly dims: readonly [number, 3, 32, 32] } | DeviceBuffer | { readonly data: DeviceBuffer; readonly dims: readonly [number, 3, 32, 32] };
        /** bool [] */
        readonly "attention/mask:0": Uint8Array | { readonly data: Uint8Array; readonly dims: readonly [] } | DeviceBuffer | { readonly data: DeviceBuffer; readonly dims: readonly [] };
        /** float16 [4] */
        readonly "half": Uint16Array | Float16Bits | { readonly data: Uint16Array | Float16Bits; readonly dims: readonly [4] } | DeviceBuffer | { readonly data: DeviceBuffer; readonly dims: readonly [4] };
      }

      /** What \`run\` gives for each output. */
      export interface Results {
        /** float32 [?, 10] */
        readonly "scores": { readonly data: Float32Array; readonly dims: readonly [number, 10]; readonly dtype: "float32" };
      }

      /** Where \`run\` may put outputs: earlier results, or buffers on the device, in which they stay. */
      export interface Targets {
        /** float32 [?, 10] */
        readonly "scores": { readonly data: Float32Array; readonly dims: readonly [number, 10]; readonly dtype: "float32" } | DeviceBuffer | { readonly data: DeviceBuffer; readonly dims: readonly [number, 10]; readonly dtype: "float32" };
      }

      /** A loaded instance of the model. */
      export interface Model {
        /**
         * Runs the model once. Feeds are read when it is called, and runs take turns. A buffer holds words of four bytes:
         * floats as 32-bit floats, integers and booleans as 32-bit integers.
         *
         * @throws {TypeError} on a wrong name, dtype, length or shape.
         * @throws {RangeError} on an integer that takes more than 32 bits.
         */
        run(feeds: Feeds): Promise<Results>;
        /**
         * Writes the results given. One that is a buffer may be a feed of the next run at once; where all are buffers,
         * the promise does not wait for the device to be done.
         */
        run<Given extends Targets>(feeds: Feeds, results: Given): Promise<Given>;
        /** Runs the model once with zeros, so that the next run finds all ready. */
        warmup(): Promise<void>;
        /** Frees what the instance holds. Its \`run\` may not be called afterwards. */
        dispose(): void;
      }

      /** Makes an instance of the model. Instances share nothing. */
      export declare function load(options?: LoadOptions): Promise<Model>;
      export {};
      "
    `);
  });

  it('asks for no declarations of a platform', async () => {
    const text = await printDeclarations(modelWith('x'));
    expect(typeErrors(text, `import './model.js';`, { libraries: ['lib.es2022.d.ts'] })).toEqual(
      [],
    );
    expect(typeErrors(text, `import './model.js';`)).toEqual([]);
  });

  it('takes any string of a model: the syntax tree stays, and the name types', async () => {
    const plainShape = syntaxShape('model.d.ts', await printDeclarations(modelWith('plain')));
    for (const name of hostileNames) {
      const text = await printDeclarations(modelWith(name));
      expect(syntaxErrors('model.d.ts', text)).toEqual([]);
      expect(syntaxShape('model.d.ts', text)).toBe(plainShape);
    }
  });

  it.each(['then', '__proto__', 'constructor', 'toString', ''])(
    'types %j as a name',
    async (name) => {
      const text = await printDeclarations(modelWith(name));
      const use = (fed: string, read: string) => `
      import { load } from './model.js';
      const model = await load({ threads: 2 });
      const feeds = { [${JSON.stringify(fed)}]: new BigInt64Array(2) } as const;
      const results = await model.run(feeds);
      const data: BigInt64Array = results[${JSON.stringify(read)}].data;
      const again = await model.run(feeds, results);
      export const dims: readonly [2, number] = again[${JSON.stringify(name)}].dims;
      export { data };`;
      expect(typeErrors(text, use(name, name))).toEqual([]);
      expect(typeErrors(text, use(`${name}!`, name))).not.toEqual([]);
      expect(typeErrors(text, use(name, `${name}!`))).not.toEqual([]);
    },
  );

  it('lets right uses pass', async () => {
    const text = await printDeclarations({ ...classifier, wasm: true });
    const use = `
      import { inputs, outputs, load, type Feeds, type LoadOptions, type Model } from './model.js';
      const options: LoadOptions = { weights: new URL('file:///w.bin'), dims: { batch: 2 } };
      const model: Model = await load(options);
      await load();
      await load({ weights: new Uint8Array(4), wasm: new WebAssembly.Module(new Uint8Array(8)) });
      const feeds: Feeds = { image: new Float32Array(6144) };
      const { scores } = model.run(feeds);
      model.run({ image: { data: new Float32Array(6144), dims: [2, 3, 32, 32] } }, { scores });
      const batch: number = scores.dims[0];
      const ten: 10 = scores.dims[1];
      const dtype: 'float32' = scores.dtype;
      const name: 'image' = inputs[0].name;
      const all: readonly { name: string; dtype: string; dims: readonly (number | string)[] }[] = outputs;
      model.dispose();
      export { batch, ten, dtype, name, all };`;
    expect(typeErrors(text, use)).toEqual([]);
  });

  it('types buffers on the device, where there is one', async () => {
    const text = await printDeclarations({ ...classifier, async: true, gpu: true });
    const libraries = ['lib.es2022.d.ts', 'lib.dom.d.ts'];
    const use = (statement: string) => `
      import { load } from './model.js';
      declare const buffer: GPUBuffer;
      const model = await load();
      await model.warmup();
      const { scores } = await model.run({ image: buffer });
      await model.run({ image: { data: buffer, dims: [1, 3, 32, 32] } }, { scores });
      const dims: readonly [number, 10] = scores.dims;
      const target = { data: buffer, dims: [1, 10], dtype: 'float32' } as const;
      const same: GPUBuffer = (await model.run({ image: buffer }, { scores: target })).scores.data;
      const bare: GPUBuffer = (await model.run({ image: buffer }, { scores: buffer })).scores;
      ${statement}
      export { dims, same, bare };`;
    expect(typeErrors(text, use(''), { libraries })).toEqual([]);
    const wrong = 'await model.run({ image: buffer }, { scores: new Float32Array(1) });';
    expect(typeErrors(text, use(wrong), { libraries })).toHaveLength(1);
  });

  it.each([
    ['a wrong input name', 'model.run({ imge: new Float32Array(1) });'],
    ['a missing input', 'model.run({});'],
    ['a wrong dtype', 'model.run({ image: new Float64Array(1) });'],
    ['a wrong rank', 'model.run({ image: { data: new Float32Array(1), dims: [3, 32, 32] } });'],
    ['a wrong size', 'model.run({ image: { data: new Float32Array(1), dims: [1, 4, 32, 32] } });'],
    ['a wrong output name', 'model.run({ image: new Float32Array(1) }).score;'],
    ['an option of another target', 'await load({ wasm: new Uint8Array(1) });'],
    ['a private type', `type Url = import('./model.js').WebUrl; export type { Url };`],
  ])('reports %s', async (_, statement) => {
    const text = await printDeclarations(classifier);
    const use = `import { load } from './model.js';\nconst model = await load();\n${statement}`;
    expect(typeErrors(text, use)).toHaveLength(1);
  });

  it.each([
    ['float32', 'Float32Array'],
    ['float64', 'Float64Array'],
    ['float16', 'Uint16Array'],
    ['bfloat16', 'Uint16Array'],
    ['int8', 'Int8Array'],
    ['int16', 'Int16Array'],
    ['int32', 'Int32Array'],
    ['int64', 'BigInt64Array'],
    ['uint8', 'Uint8Array'],
    ['uint16', 'Uint16Array'],
    ['uint32', 'Uint32Array'],
    ['uint64', 'BigUint64Array'],
    ['bool', 'Uint8Array'],
    ['string', 'string[]'],
  ])('gives %s as %s', async (dtype, type) => {
    const tensor = { name: 'x', dtype, dims: [] };
    const text = await printDeclarations({ ...plain, inputs: [tensor], outputs: [tensor] });
    expect(text).toContain(`readonly "x": { readonly data: ${type}; readonly dims: readonly []`);
  });

  it('refuses an unknown dtype and a dim that is no size', async () => {
    const model = (tensor: DeclaredTensor) => ({ ...plain, inputs: [], outputs: [tensor] });
    const unknown = model({ name: 'x', dtype: '*/ float33', dims: [] });
    await expect(printDeclarations(unknown)).rejects.toThrow(RangeError);
    for (const dim of [-1, 0.5, Number.NaN, 2 ** 60]) {
      const wrong = model({ name: 'x', dtype: 'bool', dims: [dim] });
      await expect(printDeclarations(wrong)).rejects.toThrow(RangeError);
    }
  });

  it('prints a model without inputs', async () => {
    const text = await printDeclarations({ ...plain, inputs: [], outputs: [scores] });
    expect(text).toContain('export declare const inputs: readonly [];\n');
    const use = `import { load } from './model.js';\n(await load()).run({}).scores;`;
    expect(typeErrors(text, use)).toEqual([]);
  });
});
