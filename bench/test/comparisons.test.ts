import type { Tensors } from '@whittle/compiler';
import { describe, expect, it, test } from 'vitest';

import { compareModels } from '../src/harness/compare-models.ts';
import { compareOutputs } from '../src/harness/compare-outputs.ts';
import type { OnnxRuntime } from '../src/harness/onnx-runtime.ts';
import { ratioOf } from '../src/harness/ratio.ts';
import { pageOfText } from '../src/harness/sample-inputs.ts';
import { formatOptimized, problemsOf } from '../src/reports/optimized-table.ts';
import { bestCountFor } from '../src/reports/simplifier-counts.ts';

const tensorsOf = (outputs: Readonly<Record<string, readonly number[]>>): Tensors =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, values]) => [
      name,
      { dtype: 'float32', dims: [values.length], data: Float32Array.from(values) },
    ]),
  );

describe('comparing outputs', () => {
  const expected = tensorsOf({ a: [1, -4], b: [0.5] });

  it('holds the largest error of any output against the largest element of that output', () => {
    const near = compareOutputs(tensorsOf({ a: [1, -4.0002], b: [0.5] }), expected);
    expect(near).toMatchObject({ agrees: true, outputs: 2, elements: 3, problems: [] });
    expect(near.relativeError).toBeCloseTo(0.00005, 6);
    expect(compareOutputs(tensorsOf({ a: [1, -4], b: [0.5001] }), expected).agrees).toBe(false);
  });

  it('agrees neither with less than all outputs nor on nothing', () => {
    const less = compareOutputs(tensorsOf({ a: [1, -4] }), expected);
    expect(less.agrees).toBe(false);
    expect(less.problems).toEqual(['there is no output "b"']);
    expect(compareOutputs({}, {}).agrees).toBe(false);
  });
});

test('a ratio is of medians, and by round of what stood side by side', () => {
  const { ratio, ratioByRound } = ratioOf([2, 8, 3], [1, 2, 3]);
  expect(ratio).toBe(1.5);
  expect(ratioByRound).toMatchObject({ min: 1, median: 2, max: 4 });
});

describe('comparing a model with what became of it', () => {
  const models = { original: Uint8Array.of(1), optimized: Uint8Array.of(2) };
  const pace = { warmup: 1, rounds: 2 };

  function runtimeThat(answers: (model: number) => Tensors) {
    let open = 0;
    const runtime: OnnxRuntime = {
      id: 'ort-node',
      title: 'stand-in',
      open: (bytes) => {
        const outputs = answers(bytes[0] ?? 0);
        open++;
        return Promise.resolve({
          run: () => Promise.resolve(outputs),
          dispose: () => {
            open--;
            return Promise.resolve();
          },
        });
      },
    };
    return { runtime, openSessions: () => open };
  }

  it('tells how far their outputs lie apart', async () => {
    const { runtime, openSessions } = runtimeThat((model) => tensorsOf({ y: [model] }));
    const comparison = await compareModels(runtime, models, {}, pace);
    if ('refused' in comparison) throw new Error(comparison.reason);
    expect(comparison.outputs).toMatchObject({ agrees: false, relativeError: 1 });
    expect(comparison.samples.original).toHaveLength(2);
    expect(comparison.samples.optimized).toHaveLength(2);
    expect(openSessions()).toBe(0);
  });

  it('tells which of them is refused, and why', async () => {
    const { runtime, openSessions } = runtimeThat((model) => {
      if (model === 2) throw new Error('no such op');
      return tensorsOf({ y: [1] });
    });
    const comparison = await compareModels(runtime, models, {}, pace);
    expect(comparison).toEqual({ refused: 'optimized', reason: 'no such op' });
    expect(openSessions()).toBe(0);
    const model = {
      model: 'mobilenet_v3_small-opset16-unfolded',
      nodes: { before: 156, after: 122, onnxruntimeBasic: 141 },
      bytes: { before: 2, after: 1 },
      optimizeSeconds: { min: 1, p25: 1, median: 1, p75: 1, max: 1 },
      engines: [{ engine: 'ort-node', ...comparison }],
    };
    expect(problemsOf(model)).toEqual([
      'mobilenet_v3_small-opset16-unfolded, ort-node: refuses the optimized model: no such op',
    ]);
    expect(formatOptimized([model], 'plain')).toMatch(
      /156 +122 +141 +122 onnxsim +1\.00 +optimized refused/,
    );
  });
});

test('a published count is of that very file, and the better one', () => {
  const best = bestCountFor('mobilenet_v3_small-opset16-unfolded', 156);
  expect(best).toEqual({ nodes: 122, by: 'onnxsim' });
  expect(bestCountFor('mobilenet_v3_small-opset16-folded', 122)).toBeUndefined();
  expect(bestCountFor('mobilenet_v3_large-opset16-unfolded', 156)).toBeUndefined();
  expect(bestCountFor('ch_ppocr_mobile_v2.0_cls_infer', 471)?.by).toBe('onnxruntime basic');
});

test('a page is light, with letters on it', () => {
  const { dims, data } = pageOfText(96);
  expect(dims).toEqual([1, 3, 96, 96]);
  const inked = Array.from(data, Number).filter((value) => value < 0).length / data.length;
  expect(inked).toBeGreaterThan(0.05);
  expect(inked).toBeLessThan(0.4);
  expect(pageOfText(96)).toEqual(pageOfText(96));
});
