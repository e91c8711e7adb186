/**
 * Whole models against onnxruntime-node, whole outputs, on every target and at every level, each level but the
 * highest on one of them: the largest error is at most 1e-4 of the largest output.
 */

import type { TypedArray } from '@whittle/ir';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../codegen-js/test/load-module.js';
import { compile, targetNames } from '../src/index.js';
import { imageFor, wholeModels } from './support/models.js';
import { relativeError, runOnnxruntime } from './support/onnxruntime.js';

const levels = [0, 1, 2] as const;
/** What takes a GPU is in `webgpu-models.test.ts`. */
const targets = targetNames.filter((target) => target !== 'wgsl');
const ways = targets.flatMap((target, i) =>
  levels
    .filter((optimize) => optimize === 2 || optimize === i)
    .map((optimize) => [`${target} at O${optimize}`, { target, optimize }] as const),
);

describe.each(wholeModels)('$id', ({ input, dims, bytes }) => {
  const feed = imageFor(dims);
  let model: Uint8Array;
  let expected: Record<string, TypedArray>;

  // One model after the other: all at once would need gigabytes.
  beforeAll(async () => {
    model = bytes();
    expected = await runOnnxruntime(model, { [input]: feed });
  });

  it.each(ways)('agrees with onnxruntime as %s', async (_, way) => {
    const { files, report } = await compile(model, { ...way, shapes: { [input]: dims } });
    const results = (await loadModel(files)).run({ [input]: feed.data });
    expect(Object.keys(results)).toEqual(Object.keys(expected));
    for (const [name, { data }] of Object.entries(results)) {
      expect(
        relativeError(data as ArrayLike<number>, expected[name] as ArrayLike<number>),
      ).toBeLessThanOrEqual(1e-4);
    }
    expect(report.warnings).toEqual([]);
  });
});
