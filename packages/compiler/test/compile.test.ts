import { namedDim } from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../codegen-js/test/load-module.js';
import { destroyDevices, hasAdapter, openDevice } from '../../codegen-wgsl/test/gpu.js';
import { type CompileOptions, compile, targetNames } from '../src/index.js';
import { runOnnxruntime } from './support/onnxruntime.js';
import { smallGraph, smallModel } from './support/small-model.js';
import { loadGpuModel } from './support/webgpu-model.js';

let device: GPUDevice | undefined;
beforeAll(async () => {
  if (hasAdapter) device = await openDevice();
});
afterAll(destroyDevices);

const image = Float32Array.from({ length: 192 }, (_, i) => Math.sin(i));

describe('compile', () => {
  it('gives a module that computes what onnxruntime computes', async () => {
    const bytes = smallModel();
    const { files, report } = await compile(bytes, { name: 'small' });
    expect([...files.keys()].sort()).toEqual(['small.d.ts', 'small.js', 'small.weights.bin']);
    const scores = (await loadModel(files)).run({ image }).scores;
    const feed = { dtype: 'float32', dims: [1, 3, 8, 8], data: image } as const;
    const expected = Array.from(
      (await runOnnxruntime(bytes, { image: feed })).scores ?? [],
      Number,
    );
    expect(expected).toHaveLength(5);
    expect(scores?.dims).toEqual([1, 5, 1, 1]);
    for (const [i, value] of expected.entries()) expect(scores?.data[i]).toBeCloseTo(value, 6);
    expect(report).toMatchObject({
      target: 'js',
      inputs: [{ name: 'image', dtype: 'float32', dims: [1, 3, 8, 8] }],
      before: { nodes: 5, parameters: 45, parameterBytes: 180 },
      after: { nodes: 3, ops: { SeparableConv: 1 } },
      // 64 pixels of 3 channels by 9 weights, and 64 of 5 channels by 3.
      program: { macs: 64 * 3 * 9 + 64 * 5 * 3 },
    });
    expect(report.program.arenaBytes).toBeGreaterThanOrEqual(report.program.arenaLowerBoundBytes);
    expect(report.codeBytes).toBe(files.get('small.js')?.byteLength);
    expect(report.stages.map(({ stage }) => stage)).toEqual([
      ...['import', 'passes', 'lower', 'emit'],
    ]);
  });

  it('gives WebAssembly beside the module, and counts it as code', async () => {
    const { files, report } = await compile(smallModel(), { target: 'wasm', name: 'small' });
    const names = ['small.js', 'small.d.ts', 'small.wasm', 'small.weights.bin'];
    expect([...files.keys()]).toEqual(names);
    expect(report).toMatchObject({ target: 'wasm', program: { macs: 64 * 3 * 9 + 64 * 5 * 3 } });
    const [code = 0, , wasm = 0] = report.files.map(({ bytes }) => bytes);
    expect(report.codeBytes).toBe(code + wasm);
  });

  it('says what a run asks of a GPU', async () => {
    const { report } = await compile(smallModel(), { target: 'wgsl', fuse: 'none' });
    const { gpu, program } = report;
    expect(gpu?.dispatches).toBe(program.steps);
    // All 45 weights, some of them with zeros beside them.
    expect(gpu?.traffic.weightBytes).toBeGreaterThanOrEqual(180);
    expect(gpu?.traffic.weightBytes).toBeLessThanOrEqual(program.weightBytes);
    expect(gpu?.banks.reduce((sum, bytes) => sum + bytes)).toBe(program.arenaBytes);
    // 64 pixels of 3 channels come in and go from one convolution to the next; 5 channels leave it.
    expect(gpu?.traffic.bytesWithoutWeights).toBeGreaterThanOrEqual(4 * 64 * (3 + 2 * 3 + 2 * 5));
    const counts = gpu?.narrowest.map(({ workgroups }) => workgroups) ?? [];
    expect(counts[0]).toBe(1);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect((await compile(smallModel())).report.gpu).toBeUndefined();
  });

  it('computes the same with every option that changes only how', async () => {
    const ways: CompileOptions[] = [{ optimize: 0 }, { optimize: 1 }, { inline: true }];
    const runnable = targetNames.filter((target) => target !== 'wgsl' || hasAdapter);
    const variants = runnable.flatMap((target) => ways.map((way) => ({ ...way, target })));
    const runs = variants.map(async (options) => {
      const { files } = await compile(smallModel(), { ...options, checkPasses: true });
      const beside = options.target === 'wasm' ? 2 : 1;
      expect(files.size).toBe(options.inline ? 2 : 2 + beside);
      const model =
        device !== undefined && options.target === 'wgsl'
          ? await loadGpuModel(files, device)
          : await loadModel(files);
      return Array.from((await model.run({ image })).scores?.data ?? [], Number);
    });
    const [first, ...others] = await Promise.all(runs);
    expect(first).toHaveLength(5);
    for (const scores of others) {
      for (const [i, value] of (first ?? []).entries()) {
        expect(scores?.[i]).toBeCloseTo(value, 6);
      }
    }
  });

  it('gives the same bytes every time, and leaves the model as it was', async () => {
    const bytes = smallModel();
    const before = bytes.slice();
    const [a, b] = [await compile(bytes), await compile(bytes)];
    expect(a.files).toEqual(b.files);
    expect(bytes).toEqual(before);
  });

  it('waits for whoever listens, and dumps each level', async () => {
    const heard: string[] = [];
    const dumps: string[] = [];
    await compile(smallModel(), {
      optimize: 0,
      onProgress: async (stage) => {
        await Promise.resolve();
        heard.push(stage);
      },
      onDump: (file, text) =>
        dumps.push(`${file} after ${heard.at(-1)}: ${text.split(/[ \n]/, 1)}`),
    });
    expect(heard).toEqual(['import', 'passes', 'lower', 'emit']);
    expect(dumps[0]).toBe('000-import.ir after import: graph');
    expect(dumps).toContainEqual(
      expect.stringMatching(/^\d{3}-resolve-auto-pad\.ir after passes: unchanged$/),
    );
    expect(dumps.at(-1)).toBe('program.txt after lower: program');
  });

  it.each([
    ['a target that is none', { target: 'cuda' as 'js' }, 'E_INVALID_OPTION', 'cuda'],
    ['a level that is none', { optimize: 3 as 2 }, 'E_INVALID_OPTION', 'level 3'],
    ['a name that leads elsewhere', { name: '../evil' }, 'E_INVALID_OPTION', '../evil'],
    [
      'a pass that is none',
      { skipPasses: ['fold-everything'] },
      'E_INVALID_OPTION',
      'fold-everything',
    ],
    ['an input that is none', { shapes: { picture: [1] } }, 'E_INVALID_OPTION', 'picture'],
  ])('refuses %s', async (_, options: CompileOptions, code, message) => {
    await expect(compile(smallModel(), options)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('names the dims that want a number, and takes one', async () => {
    const bytes = exportOnnx(smallGraph(namedDim('batch')));
    await expect(compile(bytes)).rejects.toMatchObject({
      code: 'E_UNBOUND_DIM',
      message: expect.stringContaining('"batch"'),
      hint: expect.stringContaining('--dim'),
    });
    const { report } = await compile(bytes, { dims: { batch: 2 } });
    expect(report.outputs).toEqual([{ name: 'scores', dtype: 'float32', dims: [2, 5, 1, 1] }]);
  });
});
