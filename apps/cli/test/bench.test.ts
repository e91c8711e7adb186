import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { models } from './support/models.js';
import { scratch } from './support/scratch.js';
import { whittle } from './support/whittle.js';

const few = ['--rounds', '2', '--warmup', '1'];

it('times each target and each engine as often, by the first', async () => {
  const { write } = scratch();
  const model = write('model.onnx', models.small());
  const args = ['bench', model, '--target', 'wasm,js', '--against', 'ort-node', '--json', ...few];
  const { code, stdout } = await whittle(args);
  expect(code).toBe(0);
  const { engines, ...rest } = JSON.parse(stdout);
  expect(rest).toEqual({ schemaVersion: 1, command: 'bench', warmup: 1, rounds: 2 });
  expect(engines.map(({ name }: { name: string }) => name)).toEqual(['wasm', 'js', 'ort-node']);
  expect(engines[0].ratio).toBe(1);
  for (const { samples, milliseconds, ratio } of engines) {
    expect(samples).toHaveLength(2);
    expect(ratio).toBeCloseTo(milliseconds.median / engines[0].milliseconds.median, 12);
  }
});

it.each(['js', 'wasm'])('shows the steps of %s', async (target) => {
  const { write } = scratch();
  const model = write('model.onnx', models.small());
  const { code, stdout } = await whittle(['bench', model, '--target', target, '--layers', ...few]);
  expect(code).toBe(0);
  const [head = '', ...rows] =
    stdout.split(`${target}, step by step`)[1]?.split('\n').slice(2) ?? [];
  expect(head.trim().split(/ {2,}/)).toEqual([
    'step',
    'label',
    'kernel',
    'ms',
    'of all',
    'MACs',
    'GFLOP/s',
    'of peak',
  ]);
  // 36 output pixels of 4 channels, each a sum of 27 products.
  expect(rows.find((row) => row.includes('stem'))).toMatch(/Conv stem .* 3\.9 k .* %$/);
  expect(rows.find((row) => row.includes('Softmax'))).toMatch(/ %$/);
  expect(rows.find((row) => row.includes(' all '))).toContain('100.0 %');
});

it('writes the steps of each target as a trace, one after the other', async () => {
  const { write, path } = scratch();
  const model = write('model.onnx', models.small());
  const args = ['bench', model, '--target', 'js,wasm', '--trace', path('trace.json'), ...few];
  expect((await whittle(args)).code).toBe(0);
  const { traceEvents } = JSON.parse(readFileSync(path('trace.json'), 'utf8'));
  const threads = traceEvents.filter(({ ph }: { ph: string }) => ph === 'M');
  expect(threads.map(({ args }: { args: { name: string } }) => args.name)).toEqual(['js', 'wasm']);
  for (const { tid } of threads) {
    const steps = traceEvents.filter(
      (event: { ph: string; tid: number }) => event.ph === 'X' && event.tid === tid,
    );
    expect(steps.length).toBeGreaterThan(2);
    let end = 0;
    for (const { name, ts, dur } of steps) {
      expect(name).not.toBe('');
      expect(ts).toBeCloseTo(end, 6);
      expect(dur).toBeGreaterThanOrEqual(0);
      end = ts + dur;
    }
  }
});

it.each([
  [['--against', 'abacus'], 'There is no engine "abacus"'],
  [['--target', 'abacus'], 'There is no target "abacus"'],
  [['--rounds', '0'], 'whole number'],
])('refuses %j', async (options, message) => {
  const { write } = scratch();
  const model = write('model.onnx', models.small());
  const { code, stderr } = await whittle(['bench', model, ...options]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
