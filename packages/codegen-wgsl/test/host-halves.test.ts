/**
 * Inputs and outputs that memory holds in halves, on a device that is made to seem to have `shader-f16`:
 * shaders written by hand unpack them from words, so that any device can run what the host converts.
 */

/// <reference types="@webgpu/types" />

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuPort, GpuProgram } from '../src/gpu-program.ts';
import { emitGpuModule } from '../src/host-module.ts';
import { destroyDevices, hasAdapter, openDevice } from './gpu.ts';
import { elementwise, range } from './host-module-programs.ts';

/** Of three elements, which lie in eight bytes. */
function port(name: string, bank: number, dtype: GpuPort['dtype']): GpuPort {
  return { name, dtype, dims: [3], held: 'float16', range: range(bank, 8) };
}

/** y = z = 2 · x. */
function doubled(dtype: GpuPort['dtype']): GpuProgram {
  return {
    preparedBytes: 0,
    constants: new Uint8Array(0),
    setup: [],
    shaders: [elementwise('u32', 1, 'pack2x16float(2.0 * unpack2x16float(a[i]))')],
    banks: [256, 256, 256],
    dispatches: [1, 2].map((bank) => ({
      shader: 0,
      workgroups: [1, 1, 1],
      bindings: [range(0), range(bank)],
    })),
    inputs: [port('x', 0, dtype)],
    outputs: [port('y', 1, dtype), port('z', 2, dtype)],
    features: ['shader-f16'],
  };
}

interface Model {
  run(feeds: object, results?: object): Promise<Record<string, { data: ArrayLike<number> }>>;
}

async function load(program: GpuProgram, device: GPUDevice, profile = false): Promise<Model> {
  const files = await emitGpuModule(program, { stem: 'tiny', inline: true, profile });
  const base64 = Buffer.from(files.get('tiny.js') ?? []).toString('base64');
  const module = await import(/* @vite-ignore */ `data:text/javascript;base64,${base64}`);
  return module.load({ device });
}

describe.skipIf(!hasAdapter)('ports in halves', () => {
  let device: GPUDevice;

  beforeAll(async () => {
    device = await openDevice();
    Object.defineProperty(device, 'features', { value: new Set(['shader-f16']) });
  });
  afterAll(destroyDevices);

  it.each([false, true])(
    'take and give float32, rounded half to even (profile: %s)',
    async (profile) => {
      const model = await load(doubled('float32'), device, profile);
      const odd = new Float32Array(new SharedArrayBuffer(16), 4);
      odd.set([2049, -0.1, 3e-8]);
      const expected = Float32Array.of(4096, -0.199951171875, 2 ** -23);
      const results = await model.run({ x: odd });
      expect(results.y?.data).toEqual(expected);
      expect(results.z?.data).toEqual(expected);
    },
  );

  it('take and give float16 as bits', async () => {
    const model = await load(doubled('float16'), device);
    const results = await model.run({ x: Uint16Array.of(0x3c00, 0xbc00, 0x0001) });
    expect(results.z?.data).toEqual(Uint16Array.of(0x4000, 0xc000, 0x0002));
  });

  it('are halves in buffers of the device', async () => {
    const model = await load(doubled('float32'), device);
    const [x, y] = [4 | 8, 4 | 8].map((usage) => device.createBuffer({ size: 8, usage }));
    if (x === undefined || y === undefined) return expect.fail('no buffers');
    device.queue.writeBuffer(x, 0, Uint16Array.of(0x3c00, 0xbc00, 0x0001, 0));
    const { z } = await model.run(
      { x },
      { y, z: { data: new Float32Array(3), dims: [3], dtype: 'float32' } },
    );
    expect(z?.data).toEqual(Float32Array.of(2, -2, 2 ** -23));
    const again = await model.run({ x: y });
    expect(again.z?.data).toEqual(Float32Array.of(4, -4, 2 ** -22));
    const small = device.createBuffer({ size: 4, usage: 4 });
    await expect(model.run({ x: small })).rejects.toThrow('a GPUBuffer of 8 bytes or more, got 4.');
  });
});
