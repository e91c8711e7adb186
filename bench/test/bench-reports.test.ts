import { peakFlops, peakModule } from '@whittle/compiler';
import { expect, test } from 'vitest';

import type { BenchResult, ModelResult } from '../src/reports/bench-result.ts';
import { summaryTable } from '../src/reports/bench-summary.ts';
import { benchBlock, timesTable } from '../src/reports/bench-tables.ts';
import type { EngineResult } from '../src/reports/comparison.ts';
import { replaceBlock } from '../src/reports/write-block.ts';

const spread = (median: number) => ({ min: 1, p25: 1, median, p75: 1, max: 1 });

function engineOf(id: string, median: number, ratio: number): EngineResult {
  return {
    id,
    title: `the engine ${id}`,
    milliseconds: spread(median),
    ratio,
    ratioByRound: spread(ratio),
    difference: { largest: 0, relative: 0 },
    load: { milliseconds: spread(10 * median), samples: [] },
    codeBytes: 1234,
    samples: [],
  };
}

function modelOf(id: string, engines: readonly EngineResult[]): ModelResult {
  return { id, title: id, macs: 1e8, peakGflops: 40, engines, unavailable: [] };
}

const result: BenchResult = {
  environment: {
    date: '2026-11-24T00:00:00.000Z',
    commit: '0123456789-dirty',
    node: '20',
    v8: '11',
    cpu: 'a CPU',
    cores: 2,
    memoryGiB: 1,
    system: 'a system',
    load: 0,
  },
  settings: { rounds: 20, warmup: 5 },
  models: [
    modelOf('mobilenet-v2', [engineOf('base', 10, 1), engineOf('web', 20, 2)]),
    modelOf('resnet-50', [engineOf('base', 10, 1), engineOf('web', 80, 8)]),
    modelOf('pp-ocr-det', [engineOf('base', 10, 1)]),
  ],
};

test('means are geometric, over the models that both engines ran', () => {
  expect(summaryTable(result)).toEqual({
    head: ['by base', 'zoo', 'separable', 'MobileNetV2', 'smallest', 'load'],
    rows: [['web', '4.00 (2 models)', '2.00', '2.00', '2.00 (mobilenet-v2)', '4.00 (2 models)']],
  });
});

test('a model has its time, its spread, its share of the peak and the ratios to it', () => {
  const { rows } = timesTable(result);
  // 1e8 multiply-adds in 10 ms are 20 GFLOP/s, half of 40.
  expect(rows[1]).toEqual([
    'resnet-50',
    ...['10.0', '1.0 to 1.0', '20.0', '50 %'],
    '80.0 (**8.00**, 1.00 to 1.00)',
  ]);
  expect(rows[2]?.at(-1)).toBe('–');
});

test('a model without the base has times and no ratios', () => {
  const models = [...result.models, modelOf('squeezenet', [engineOf('web', 30, 1)])];
  expect(timesTable({ ...result, models }).rows.at(-1)).toEqual([
    'squeezenet',
    ...['–', '–', '–', '–'],
    '30.0',
  ]);
});

test('the block goes between the marks, again and again, and the front page has no loading', () => {
  const page = 'before\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nafter\n';
  const once = replaceBlock(page, 'bench', benchBlock(result, false), 'page.md');
  expect(once).toMatch(/^before\n<!-- bench:begin -->\n\na CPU.*load ms.*-->\nafter\n$/s);
  expect(replaceBlock(once, 'bench', benchBlock(result, false), 'page.md')).toBe(once);
  expect(benchBlock(result, true)).not.toContain('load ms');
  expect(() => replaceBlock('no marks', 'bench', 'block', 'page.md')).toThrow(
    /page\.md has not one/,
  );
  expect(() => replaceBlock(page + page, 'bench', 'block', 'page.md')).toThrow(
    /page\.md has not one/,
  );
});

test('the peak loop runs, and counts each tile', () => {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(peakModule()));
  const { run } = instance.exports;
  if (typeof run !== 'function') throw new Error('There is no run.');
  expect(run()).toBeUndefined();
  expect(peakFlops).toBe(2048 * 256 * 4 * 8 * 2);
});
