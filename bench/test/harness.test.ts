import { exportOnnx } from '@whittle/onnx';
import { findModel } from '@whittle/zoo';
import { describe, expect, it, test } from 'vitest';

import type { Engine } from '../src/engines/engine.ts';
import { checkModel } from '../src/harness/check-model.ts';
import { differenceBetween } from '../src/harness/difference.ts';
import { interleave } from '../src/harness/interleave.ts';
import { referenceRun } from '../src/harness/reference-run.ts';
import { spreadOf } from '../src/harness/spread.ts';

test('engines take turns, and only timed rounds give samples', async () => {
  const turns: string[] = [];
  const engineOf = (id: string, run: Engine['run']): Engine => ({
    id,
    title: id,
    run: () => {
      turns.push(id);
      return run();
    },
    dispose: () => {},
  });
  const engines = [
    engineOf('A', () => new Float32Array(1)),
    engineOf('B', () => Promise.resolve(new Float32Array(1))),
  ];
  const samples = await interleave(engines, { warmup: 1, rounds: 3 });
  expect(turns.join('')).toBe('ABABABAB');
  expect(samples.map((sample) => sample.length)).toEqual([3, 3]);
});

test('a runner sets up untimed before each run', async () => {
  const turns: string[] = [];
  const runner = { activate: () => void turns.push('set'), run: () => turns.push('run') };
  await interleave([runner], { warmup: 1, rounds: 1 });
  expect(turns).toEqual(['set', 'run', 'set', 'run']);
});

test('a budget that is spent ends it after the fewest rounds, the same for all', async () => {
  const runner = { run: () => {} };
  const samples = await interleave([runner, runner], { warmup: 1, rounds: 20, budget: 0 });
  expect(samples.map((sample) => sample.length)).toEqual([5, 5]);
});

test('quantiles interpolate, whatever the order', () => {
  expect(spreadOf([40, 10, 30, 20])).toEqual({
    min: 10,
    p25: 17.5,
    median: 25,
    p75: 32.5,
    max: 40,
  });
  expect(() => spreadOf([])).toThrow(RangeError);
});

test('a difference is measured by the largest score, and NaN is never near', () => {
  const expected = Float32Array.of(0, -4, 2);
  expect(differenceBetween(Float32Array.of(1, -4, 2), expected)).toEqual({
    largest: 1,
    relative: 0.25,
  });
  expect(differenceBetween(Float32Array.of(0, Number.NaN, 2), expected).relative).toBe(Infinity);
  expect(differenceBetween(Float32Array.of(0, -4), expected).relative).toBe(Infinity);
});

describe('checking a model', () => {
  const bytes = exportOnnx(findModel('mobilenet-v2').build({ size: 32, classes: 10 }));

  it('passes where the module agrees with ONNX Runtime, and fails where one score is off', async () => {
    const reference = await referenceRun(bytes);
    if ('unavailable' in reference) throw new Error(reference.unavailable);
    const good = await checkModel(bytes, 2, reference);
    expect(good.text).toMatch(/^10 elements of 1 output/);
    expect(good.outcome).toBe('PASS');

    const { output } = reference.outputs;
    if (!(output?.data instanceof Float32Array)) throw new Error('There is no output.');
    const off = output.data.map((score, i) => (i === 7 ? score + 0.01 : score));
    const wrong = { ...reference, outputs: { output: { ...output, data: off } } };
    expect((await checkModel(bytes, 2, wrong)).outcome).toBe('FAIL');
  });

  it('fails for what does not compile', async () => {
    const verdict = await checkModel(bytes.subarray(0, 1000), 2, { feeds: {}, outputs: {} });
    expect(verdict.outcome).toBe('FAIL');
    expect(verdict.text).toMatch(/^E_INVALID_MODEL/);
  });
});
