/**
 * Precision f16: programs through the interpreter, which holds halves as a GPU does; shaders through the
 * compiler of Dawn, whose null backend takes `enable f16` where adapters may not, and computes nothing.
 */

/// <reference types="@webgpu/types" />

import { type Graph, GraphBuilder, tensorOf } from '@whittle/ir';
import {
  interpretProgram,
  lowerGraph,
  type Program,
  parseProgram,
  printProgram,
  verifyProgram,
} from '@whittle/kernel';
import { exportOnnx } from '@whittle/onnx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { create } from 'webgpu';
import { destroyDevices, hasAdapter, openDevice } from '../../codegen-wgsl/test/gpu.js';
import { type CompileOptions, compile } from '../src/index.js';
import { prepareGraph } from '../src/prepare-graph.js';
import { StageLog } from '../src/stage-log.js';
import { findTarget } from '../src/targets.js';
import { imageFor } from './support/models.js';
import { relativeError } from './support/onnxruntime.js';
import { type WatchedDevice, watchDevice } from './support/webgpu-device.js';
import { loadGpuModel } from './support/webgpu-model.js';
import { gpuModels } from './support/webgpu-models.js';

const halves = { target: 'wgsl', precision: 'f16' } as const;

async function compiled(bytes: Uint8Array, options: CompileOptions) {
  const { files, report } = await compile(bytes, { target: 'wgsl', ...options });
  return { files, report, weights: files.get('model.weights.bin')?.length ?? 0 };
}

/** `y = x · c`, and `z = x`, of an odd number of elements. */
function smallModel(factors: readonly number[]): Uint8Array {
  const builder = new GraphBuilder('small');
  const x = builder.input('x', 'float32', [factors.length]);
  const c = builder.constant(tensorOf('float32', [factors.length], factors), 'c');
  builder.output('y', builder.op('Mul', [x, c]));
  return exportOnnx(builder.build());
}

/** `x` between two numbers. */
function paddedModel(value: number): Uint8Array {
  const builder = new GraphBuilder('padded');
  const x = builder.input('x', 'float32', [3]);
  const pads = builder.constant(tensorOf('int64', [2], [1n, 1n]));
  builder.output(
    'y',
    builder.op('Pad', [x, pads, builder.constant(tensorOf('float32', [], [value]))]),
  );
  return exportOnnx(builder.build());
}

async function lowered(bytes: Uint8Array, precision: 'f32' | 'f16', dims?: readonly number[]) {
  const target = findTarget('wgsl', precision);
  const options = dims === undefined ? {} : { shapes: { x: dims } };
  const { graph } = await prepareGraph(bytes, options, target, new StageLog({}));
  return programOf(graph, precision);
}

function programOf(graph: Graph, precision: 'f32' | 'f16'): Program {
  const program = lowerGraph(graph, findTarget('wgsl', precision).capabilities);
  verifyProgram(program);
  return program;
}

describe('precision f16', () => {
  it('is of wgsl alone', async () => {
    for (const target of ['js', 'wasm'] as const) {
      const refused = compile(smallModel([1]), { target, precision: 'f16' });
      await expect(refused).rejects.toMatchObject({
        code: 'E_INVALID_OPTION',
        message: `The target ${target} has no precision "f16".`,
        hint: expect.stringContaining('wgsl'),
      });
    }
    const odd = compile(smallModel([1]), { target: 'wgsl', precision: 'f8' as 'f16' });
    await expect(odd).rejects.toMatchObject({ code: 'E_INVALID_OPTION' });
  });

  it('rounds constants half to even, and says how many it clamps', async () => {
    const factors = [2049, 2051, 65519.9, 65520, -1e9, Number.NEGATIVE_INFINITY, 0.1];
    const { report } = await compiled(smallModel(factors), halves);
    expect(report.warnings).toEqual(['Weights clamped to ±65504, the most that halves hold: 2.']);
    const program = await lowered(smallModel(factors), 'f16');
    const ones = { dtype: 'float32', dims: [7], data: new Float32Array(7).fill(1) } as const;
    const { y } = interpretProgram(program, { x: ones });
    const tenth = 0.0999755859375;
    expect(Array.from<number | bigint>(y?.data ?? [])).toEqual([
      ...[2048, 2052, 65504, 65504, -65504, Number.NEGATIVE_INFINITY, tenth],
    ]);
  });

  it('copies an output that begins where no GPU copies from', async () => {
    const builder = new GraphBuilder('slice');
    const whole = builder.op('Relu', [builder.input('x', 'float32', [6])]);
    const ends = [3n, 6n].map((at) => builder.constant(tensorOf('int64', [1], [at])));
    builder.output('whole', whole);
    builder.output('part', builder.op('Slice', [whole, ...ends]));
    const bytes = exportOnnx(builder.build());
    const offsets = ({ outputs }: Program) => outputs.map(({ view }) => view.offset);
    expect(offsets(await lowered(bytes, 'f32'))).toEqual([0, 3]);
    const program = await lowered(bytes, 'f16');
    expect(offsets(program)).toEqual([0, 0]);
    const data = Float32Array.of(1, 2, 3, 4, 5, -6);
    const { part } = interpretProgram(program, { x: { dtype: 'float32', dims: [6], data } });
    expect(part?.data).toEqual(Float32Array.of(4, 5, 0));
  });

  it('has a text form that reads back', async () => {
    const program = await lowered(smallModel([1, 2, 3]), 'f16');
    const text = printProgram(program, { data: true });
    expect(parseProgram(text)).toEqual(program);
    expect(printProgram(program)).toMatchInlineSnapshot(`
      "program "small" {
        arena 512 bytes, at least 512, banks 0 256
        constants 256 bytes, fnv1a 0x596cdc5b
        buffer %b0: f16[3] arena+0 live -1..0
        buffer %b1: f16[3] arena+256 live 0..1
        buffer %c0: f16[3] constants+0 live -1..1
        input "x": f32[3] = %b0+0 strides [1]
        output "y": f32[3] = %b1+0 strides [1]
        kernel mul(a: f16 read arena, b: f16 read constants, y: f16 write arena) {
          for i0 in 0..3 grid {
            let v = a[i0];
            let v_1 = b[i0];
            y[i0] = v * v_1;
          }
        }
        step mul(%b0+0, %c0+0, %b1+0) macs 0 @"Mul"
      }
      "
    `);
  });

  it.each(gpuModels(undefined).filter(({ id }) => id === 'mobilenet-v2'))(
    'gives what f32 gives, nearly, for $id',
    async ({ bytes, input, dims }) => {
      const target = (precision: 'f32' | 'f16') => findTarget('wgsl', precision);
      const options = { shapes: { [input]: dims } };
      const model = bytes();
      const results = await Promise.all(
        (['f32', 'f16'] as const).map(async (precision) => {
          const log = new StageLog({});
          const { graph } = await prepareGraph(model, options, target(precision), log);
          return interpretProgram(programOf(graph, precision), { [input]: imageFor(dims) });
        }),
      );
      const [full, half] = results;
      for (const [name, { data }] of Object.entries(full ?? {})) {
        const error = relativeError(half?.[name]?.data as never, data as never);
        expect(error).toBeGreaterThan(0);
        expect(error).toBeLessThanOrEqual(1e-2);
      }
    },
  );
});

describe.skipIf(!hasAdapter)('a device without shader-f16', () => {
  afterAll(destroyDevices);

  it('is refused', async () => {
    const device = await openDevice();
    // Only where the adapter has the feature by itself could this test say nothing.
    expect(device.features.has('shader-f16')).toBe(false);
    const { files } = await compiled(smallModel([1, 2]), halves);
    await expect(loadGpuModel(files, device)).rejects.toMatchObject({
      code: 'E_GPU_LIMIT',
      message: 'This model needs the feature shader-f16, which the device lacks.',
    });
  });
});

describe('a device with shader-f16 that computes nothing', () => {
  // It lives as long as the process, as devices need it.
  const gpu: GPU = create(['backend=null']);
  let watched: WatchedDevice;

  beforeAll(async () => {
    const adapter = await gpu.requestAdapter();
    const device = await adapter?.requestDevice({ requiredFeatures: ['shader-f16'] });
    watched = watchDevice(device ?? expect.fail('no device'));
  });
  afterAll(() => watched.device.destroy());

  const ids = ['mobilenet-v2', 'pp-ocr-recognition'];

  it.each(gpuModels(undefined).filter(({ id }) => ids.includes(id)))(
    'takes all shaders of $id, whose weights are half as large',
    async (one) => {
      const model = one.bytes();
      const shapes = { shapes: { [one.input]: one.dims } };
      const half = await compiled(model, { ...halves, ...shapes });
      const full = await compiled(model, shapes);
      expect(half.report.warnings).toEqual([]);
      expect(half.weights / full.weights).toBeLessThan(0.55);
      expect(half.report.program.arenaBytes / full.report.program.arenaBytes).toBeLessThan(0.6);
      const instance = await loadGpuModel(half.files, watched.device);
      const results = await instance.run({ [one.input]: imageFor(one.dims).data });
      expect(Object.keys(results)).not.toEqual([]);
      instance.dispose();
      expect(await watched.takeComplaints()).toEqual([]);
    },
  );

  it('takes shaders that store what a half cannot hold', async () => {
    const { files } = await compiled(paddedModel(-1e9), halves);
    const code = Buffer.from(files.get('model.js') ?? []).toString();
    expect(code).toContain('f16(-infinity())');
    const instance = await loadGpuModel(files, watched.device);
    await instance.run({ x: Float32Array.of(1, 2, 3) });
    expect(await watched.takeComplaints()).toEqual([]);
  });

  it('takes an odd number of elements', async () => {
    const { files } = await compiled(smallModel([1, 2, 3]), halves);
    const instance = await loadGpuModel(files, watched.device);
    const { y } = await instance.run({ x: Float32Array.of(1, 2, 3) });
    expect(y?.data).toHaveLength(3);
    expect(await watched.takeComplaints()).toEqual([]);
  });
});
