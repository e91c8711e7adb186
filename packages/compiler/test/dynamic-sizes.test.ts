/** Models of which only a run can tell some sizes, through the whole compiler, against onnxruntime. */

import { parseGraph, typedArrayOf } from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../codegen-js/test/load-module.js';
import { destroyDevices, hasAdapter, openDevice } from '../../codegen-wgsl/test/gpu.js';
import { expectClose } from '../../kernel/test/op-cases/expect-close.js';
import { runOnnx } from '../../kernel/test/op-cases/reference.js';
import { type CompileOptions, compile } from '../src/index.js';
import { graphOfSized, type SizedModel, sizedModels } from './support/sized-models.js';
import { loadGpuModel } from './support/webgpu-model.js';

type Run = (feeds: object) => object | Promise<object>;

const dataOf = (feeds: SizedModel['feeds'][number]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, typedArrayOf(tensor)]));

async function check(model: SizedModel, options: CompileOptions, load: typeof loadRun) {
  const graph = graphOfSized(model);
  const { files } = await compile(exportOnnx(graph), options);
  const run = await load(files);
  for (const feeds of model.feeds) {
    const expected = await runOnnx(graph, feeds);
    const results = await run(dataOf(feeds));
    for (const [name, tensor] of Object.entries(expected)) {
      expectClose(Reflect.get(results, name), tensor, name);
    }
  }
}

async function loadRun(files: ReadonlyMap<string, Uint8Array>): Promise<Run> {
  const model = await loadModel(files);
  return (feeds) => model.run(feeds);
}

describe.each(sizedModels)('$name', (model) => {
  it('in JavaScript', () => check(model, { target: 'js', checkPasses: true }, loadRun));
  it('in JavaScript, without optimisation', () =>
    check(model, { target: 'js', optimize: 0, checkPasses: true }, loadRun));
  it('in WebAssembly', () => check(model, { target: 'wasm' }, loadRun));
});

const places = graphOfSized({
  name: 'places',
  text: 'input %x: f32[2,3] %y = NonZero(%x) %z = Neg(%x) output "places" = %y output "negated" = %z',
  feeds: [],
});
const x = Float32Array.of(0, 2, 0, 1, 0, 3);

describe('results of sizes that a run tells', () => {
  it('are new records in the place of what is given', async () => {
    const { files, report } = await compile(exportOnnx(places));
    expect(report.outputs[0]).toMatchObject({ dims: [2, 'places.count'], most: [2, 6] });
    const model = await loadModel(files);
    const first = model.run({ x });
    const { places: before, negated } = first;
    expect(before).toEqual({
      data: BigInt64Array.of(0n, 1n, 1n, 1n, 0n, 2n),
      dims: [2, 3],
      dtype: 'int64',
    });
    expect(model.run({ x: x.map(() => 0) }, first)).toBe(first);
    expect(first.places).toEqual({ data: new BigInt64Array(), dims: [2, 0], dtype: 'int64' });
    expect(first.negated).toBe(negated);
    expect(before?.data[0]).toBe(0n);
  });

  it('are declared with a number for such a size', async () => {
    const { files } = await compile(exportOnnx(places), { name: 'p' });
    const text = new TextDecoder().decode(files.get('p.d.ts'));
    expect(text).toContain('readonly dims: readonly [2, "places.count"]');
    expect(text).toContain('readonly data: BigInt64Array; readonly dims: readonly [2, number]');
    expect(text).toContain('/** int64 [2, 0 to 6] */');
  });

  it('are whole where what makes them is constant', async () => {
    const text = `graph "constant" {
      input %a: i64[2,3]  const %x: f32[2,3] = [0, 2, 0, 1, 0, 3]
      %y = NonZero(%x) %z = Add(%y, %a) output "z" = %z }`;
    const { report } = await compile(exportOnnx(parseGraph(text)));
    expect(report.outputs[0]?.dims).toEqual([2, 3]);
  });
});

describe.skipIf(!hasAdapter)('on a GPU', () => {
  let device: GPUDevice;
  beforeAll(async () => {
    device = await openDevice();
  });
  afterAll(destroyDevices);

  it.each(sizedModels)('$name', (model) =>
    check(model, { target: 'wgsl' }, async (files) => {
      const { run } = await loadGpuModel(files, device);
      return (feeds) => run(feeds);
    }),
  );

  it('puts all that there is room for in a buffer that is given', async () => {
    const { files } = await compile(exportOnnx(places), { target: 'wgsl' });
    const model = await loadGpuModel(files, device);
    const buffer = device.createBuffer({ size: 48, usage: 1 | 8 });
    const negated = { data: new Float32Array(6), dims: [2, 3], dtype: 'float32' };
    const results = await model.run({ x }, { places: buffer, negated });
    expect(results.places).toBe(buffer);
    expect(negated.data[1]).toBe(-2);
    await buffer.mapAsync(1);
    const words = Array.from(new Int32Array(buffer.getMappedRange()));
    expect(words).toEqual([0, 1, 1, 0, 0, 0, 1, 0, 2, 0, 0, 0]);
    const again = await model.run({ x }, { places: undefined, negated });
    expect(again.places?.dims).toEqual([2, 3]);
    model.dispose();
  });
});
