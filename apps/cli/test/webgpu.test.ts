/** The target `wgsl` in this process and in ones of their own, on whatever GPU there is. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hasAdapter } from '../../../packages/codegen-wgsl/test/gpu.js';
import { openGpuDevice, type WebgpuPackage } from '../src/webgpu-package.js';
import { models } from './support/models.js';
import { scratch } from './support/scratch.js';
import { whittle } from './support/whittle.js';

describe.skipIf(!hasAdapter)('on a GPU', () => {
  it('run computes what it computes on the processor', async () => {
    const { write } = scratch();
    const model = write('model.onnx', models.family());
    const ranges = ['js', 'wgsl'].map(async (target) => {
      const { code, stdout } = await whittle(['run', model, '--json', '--target', target]);
      expect(code).toBe(0);
      const [{ minimum, maximum, elements }] = JSON.parse(stdout).outputs;
      return { minimum, maximum, elements };
    });
    const [expected, actual] = await Promise.all(ranges);
    expect(actual?.elements).toBe(expected?.elements);
    expect(actual?.minimum).toBeCloseTo(expected?.minimum, 4);
    expect(actual?.maximum).toBeCloseTo(expected?.maximum, 4);
  });

  it('verify allows what is allowed there, and names the first node that differs', async () => {
    const { write } = scratch();
    const model = write('model.onnx', models.small());
    const args = ['verify', model, '--target', 'js,wgsl', '--json'];
    const { code, stdout } = await whittle(args);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).verifications).toMatchObject([
      { target: 'js', agrees: true, tolerance: { absolute: 1e-6, relative: 1e-4 } },
      { target: 'wgsl', agrees: true, tolerance: { absolute: 1e-6, relative: 1e-3 } },
    ]);
    // No two engines round alike: without a tolerance the convolution differs.
    const strict = ['verify', model, '--target', 'wgsl', '--atol', '0', '--rtol', '0'];
    const { code: failed, stderr } = await whittle(strict);
    expect(failed).toBe(5);
    expect(stderr).toMatch(/target wgsl does not agree .*first node that differs is Conv "stem"/);
  });

  it('bench times each step, and shows no share of what the processor reaches', async () => {
    const { write } = scratch();
    const model = write('model.onnx', models.small());
    const few = ['--rounds', '2', '--warmup', '1'];
    const args = ['bench', model, '--target', 'wgsl,js', '--layers', ...few];
    const { code, stdout } = await whittle(args);
    expect(code).toBe(0);
    const [, steps = ''] = stdout.split(/^(?:wgsl|js), step by step; .*$/m);
    expect(steps).toMatch(/Conv stem .* \d+\.\d+ .* % +3\.9 k +\d+\.\d+$/m);
    expect(steps).not.toContain('of peak');
    expect(steps.match(/^ +\d+ /gm)?.length).toBeGreaterThan(2);
    const { layers } = JSON.parse((await whittle([...args, '--json'])).stdout);
    expect(layers.map((it: object) => 'peakGflops' in it)).toEqual([false, true]);
    for (const { milliseconds } of layers[0].steps) expect(milliseconds).toBeGreaterThan(0);
  });

  it('the process ends by itself', () => {
    const { code, stdout, stderr } = runProcess({});
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('error[') });
    expect(JSON.parse(stdout).outputs).toMatchObject([{ name: 'scores' }]);
  });
});

// Elsewhere WebGPU does not take its drivers from Vulkan.
it.skipIf(process.platform !== 'linux')('says what to do where there is no GPU', () => {
  const { code, stdout, stderr } = runProcess({ driver: '/nowhere.json' });
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/^error\[E_GPU_UNAVAILABLE\]: .*\nhint: .*VK_ICD_FILENAMES=/m),
  });
  expect(JSON.parse(stdout).error).toMatchObject({
    code: 'E_GPU_UNAVAILABLE',
    hint: expect.stringContaining('VK_ICD_FILENAMES='),
  });
});

it('says what to install where the package is missing', () => {
  const { code, stderr } = runProcess({ without: 'webgpu' });
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/^error\[E_GPU_UNAVAILABLE\]: .*\nhint: npm install webgpu/),
  });
});

interface Surroundings {
  /** What Vulkan is told to use. */
  readonly driver?: string;
  /** A package that the process does not find. */
  readonly without?: string;
}

/** Runs a small model in a process of its own, which `npm run build` has built; null: it did not end. */
function runProcess({ driver, without }: Surroundings) {
  const { write } = scratch();
  const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
  const args = [
    ...(without === undefined ? [] : ['--import', hiding(without)]),
    ...[main, 'run', write('model.onnx', models.small()), '--target', 'wgsl', '--json'],
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    env: { ...process.env, ...(driver && { VK_ICD_FILENAMES: driver }) },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: status, stdout, stderr };
}

/** A module after which the process does not find a package. */
function hiding(name: string): string {
  const resolve = `(it, context, next) => next(it === '${name}' ? 'no-${name}' : it, context)`;
  const hook = moduleUrl(`export const resolve = ${resolve};`);
  return moduleUrl(`import { register } from 'node:module'; register(${JSON.stringify(hook)});`);
}

function moduleUrl(code: string): string {
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

describe('without WebGPU', () => {
  const gives = (gpu: ReturnType<WebgpuPackage['create']>) => async () => ({ create: () => gpu });

  it('an adapter that is none says so', async () => {
    const opening = openGpuDevice(gives({ requestAdapter: async () => null }));
    await expect(opening).rejects.toMatchObject({
      code: 'E_GPU_UNAVAILABLE',
      hint: expect.stringContaining('VK_ICD_FILENAMES='),
    });
  });

  it('what keeps it from starting is told', async () => {
    const cause = new Error('no luck');
    const opening = openGpuDevice(gives({ requestAdapter: () => Promise.reject(cause) }));
    await expect(opening).rejects.toMatchObject({
      code: 'E_GPU_UNAVAILABLE',
      message: expect.stringContaining('no luck'),
      cause,
    });
  });
});
