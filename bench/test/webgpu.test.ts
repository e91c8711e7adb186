import { describe, expect, test } from 'vitest';
import { replaceBlock } from '../src/reports/write-block.ts';
import type { PageMeasurement } from '../src/webgpu/page/bench-page.ts';
import { countGpuCalls, differenceOfCounts, noCounts } from '../src/webgpu/page/gpu-counts.ts';
import { serve } from '../src/webgpu/serve.ts';
import { problemsOf, summarizeMeasurements } from '../src/webgpu/webgpu-result.ts';
import { readWebgpuSettings } from '../src/webgpu/webgpu-settings.ts';
import { formatBlock, webgpuBlock } from '../src/webgpu/webgpu-tables.ts';

describe('the command line', () => {
  test('is short: one model, both peers, few rounds, an adapter that is everywhere', () => {
    expect(readWebgpuSettings([])).toMatchObject({
      models: ['mobilenet-v2'],
      against: ['ort-webgpu', 'tfjs-webgpu'],
      adapter: 'swiftshader',
      rounds: 5,
      warmup: 2,
      writes: false,
    });
  });

  test('takes several models and some of the peers', () => {
    const args = '--model resnet-18 --model some.onnx --against tfjs-webgpu --adapter hardware';
    expect(readWebgpuSettings(args.split(' '))).toMatchObject({
      models: ['resnet-18', 'some.onnx'],
      against: ['tfjs-webgpu'],
      adapter: 'hardware',
    });
  });

  test.each([
    ['--model nothing', /nothing/],
    ['--against jax', 'There is no engine "jax"; there are ort-webgpu, tfjs-webgpu.'],
    ['--adapter cpu', '--adapter takes swiftshader or hardware, not "cpu".'],
    ['--rounds 0', '--rounds takes a whole number above 0, not "0".'],
    ['--fast', /--fast/],
  ])('refuses %s', (args, message) => {
    expect(() => readWebgpuSettings(args.split(' '))).toThrow(message);
  });

  test('gives no settings where help is asked for', () => {
    expect(readWebgpuSettings(['--help'])).toBeUndefined();
  });
});

test('calls of WebGPU are counted and still made', () => {
  const made: string[] = [];
  const classOf = (...methods: string[]) => {
    const Class = class {};
    for (const method of methods) {
      Reflect.set(Class.prototype, method, (...args: unknown[]) => {
        made.push(`${method} ${args.join(' ')}`);
        return method;
      });
    }
    return Class;
  };
  const platform = {
    GPUComputePassEncoder: classOf('dispatchWorkgroups', 'dispatchWorkgroupsIndirect'),
    GPUQueue: classOf('submit'),
    GPUBuffer: classOf('mapAsync'),
    GPUDevice: classOf('createComputePipeline', 'createComputePipelineAsync'),
  };
  const countsNow = countGpuCalls(platform);
  const call = (name: keyof typeof platform, method: string, ...args: unknown[]): unknown => {
    const instance = new platform[name]();
    const found: unknown = Reflect.get(instance, method);
    return typeof found === 'function' ? Reflect.apply(found, instance, args) : undefined;
  };
  call('GPUDevice', 'createComputePipeline');
  const before = countsNow();
  call('GPUComputePassEncoder', 'dispatchWorkgroups', 7);
  call('GPUComputePassEncoder', 'dispatchWorkgroups', 2, 3, 4);
  call('GPUComputePassEncoder', 'dispatchWorkgroupsIndirect', 'buffer', 0);
  call('GPUDevice', 'createComputePipelineAsync');
  call('GPUBuffer', 'mapAsync', 1);
  expect(call('GPUQueue', 'submit', 'commands')).toBe('submit');
  expect(differenceOfCounts(countsNow(), before)).toEqual({
    dispatches: 3,
    workgroups: 31,
    submits: 1,
    mappings: 1,
    pipelines: 1,
  });
  expect(made).toContain('dispatchWorkgroups 2 3 4');
  expect(() => countGpuCalls({})).toThrow('There is no WebGPU here');
});

const measurement = (
  id: string,
  scores: readonly number[],
  samples: readonly number[],
): PageMeasurement => ({
  id,
  title: id,
  scores,
  samples,
  counts: { ...noCounts, dispatches: 66 },
  load: {
    milliseconds: 60,
    importMilliseconds: 10,
    createMilliseconds: 20,
    firstRunMilliseconds: 30,
    counts: { ...noCounts, pipelines: 11 },
    block: { taskMilliseconds: 0, gapMilliseconds: 12, reportsTasks: true },
  },
});

const reference = Float32Array.of(1, -4);
const summary = () =>
  summarizeMeasurements(
    [
      measurement('whittle-wgsl', [1, -4], [10, 20, 30]),
      measurement('peer', [1, -3], [20, 60, 60]),
    ],
    reference,
    { peer: 5000 },
  );

test('engines are compared with the first and with the reference', () => {
  const [first, peer] = summary();
  expect(first).toMatchObject({ ratio: 1, difference: { largest: 0 } });
  expect(first).not.toHaveProperty('codeBytes');
  expect(peer).toMatchObject({
    milliseconds: { median: 60 },
    ratio: 3,
    ratioByRound: { min: 2, max: 3 },
    difference: { largest: 1, relative: 0.25 },
    differenceToFirst: { largest: 1 },
    codeBytes: 5000,
  });
  expect(peer).not.toHaveProperty('scores');
});

test('a result is faulty where scores differ, a second load compiles, or Whittle is missing', () => {
  const [first, peer] = summary();
  if (first === undefined || peer === undefined) throw new Error('There are two.');
  const model = { id: 'm', title: 'M', unavailable: [] };
  expect(problemsOf({ ...model, engines: [first] })).toEqual([]);
  expect(problemsOf({ ...model, engines: [{ ...first, pipelinesOfSecondLoad: 0 }] })).toEqual([]);
  expect(problemsOf({ ...model, engines: [{ ...first, pipelinesOfSecondLoad: 3 }] })).toEqual([
    'whittle-wgsl compiles 3 pipelines again in a second load of m.',
  ]);
  expect(problemsOf({ ...model, engines: [peer] })).toEqual([
    'peer gives other scores for m: its timings compare nothing.',
    'Whittle does not run m.',
  ]);
});

test('the page gets where and how it was measured, and both tables of each model', () => {
  const environment = {
    date: '2026-11-24T20:00:00.000Z',
    commit: '0123456789-dirty',
    node: '20',
    v8: '11',
    cpu: 'CPU',
    cores: 2,
    memoryGiB: 8,
    system: 'linux',
    load: 1,
  };
  const block = webgpuBlock({
    environment,
    browser: '156',
    adapter: { vendor: 'google', architecture: 'swiftshader', device: '', description: '' },
    settings: { rounds: 3, warmup: 1, optimize: 2 },
    models: [{ id: 'm', title: 'Model', engines: summary(), unavailable: [] }],
  });
  expect(block).toContain('adapter: vendor google, architecture swiftshader, load 1;');
  expect(block).toContain('commit 0123456 with changes.');
  expect(block).toContain('**Model**');
  expect(block).toMatch(/\| peer +\| +60\.0 \| 40\.0 to 60\.0 \| +3\.00 \| +2\.00 to 2\.50 \|/);
  expect(block).toMatch(/\| peer +\| +66 \| +0 \| +0 \| +0 \| +11 \|/);
});

test('a block shorter than what browsers report is no zero', () => {
  const block = { taskMilliseconds: 0, gapMilliseconds: 12, reportsTasks: true };
  expect(formatBlock(block)).toBe('below 50');
  expect(formatBlock({ ...block, taskMilliseconds: 80.4 })).toBe('80');
  expect(formatBlock({ ...block, reportsTasks: false })).toBe('12 (gap)');
});

test('only what lies between the marks is replaced', () => {
  const page = 'a\n<!-- webgpu:begin -->\nold\n<!-- webgpu:end -->\nb';
  const written = replaceBlock(page, 'webgpu', 'new', 'page.md');
  expect(written).toBe('a\n<!-- webgpu:begin -->\n\nnew\n\n<!-- webgpu:end -->\nb');
  expect(() => replaceBlock('a', 'webgpu', 'new', 'page.md')).toThrow('page.md has not one');
});

test('the server gives contents and files of its folders, and nothing beside them', async () => {
  const folder = new URL('./', import.meta.url).pathname;
  const site = { contents: new Map([['/a.js', '1']]), folders: new Map([['/test/', folder]]) };
  const { origin, close } = await serve(site);
  try {
    const script = await fetch(`${origin}/a.js`);
    expect(await script.text()).toBe('1');
    expect(script.headers.get('content-type')).toContain('text/javascript');
    expect((await fetch(`${origin}/test/webgpu.test.ts`)).status).toBe(200);
    expect((await fetch(`${origin}/test/%2e%2e%2fpackage.json`)).status).toBe(404);
    expect((await fetch(`${origin}/package.json`)).status).toBe(404);
  } finally {
    await close();
  }
});
