/**
 * Whole models against onnxruntime-node, whole outputs, at every level: the largest error is at most
 * 1e-4 of the largest output.
 */

import { describe, expect, it } from 'vitest';
import { loadModel } from '../../codegen-js/test/load-module.js';
import { compile } from '../src/index.js';
import { imageFor, wholeModels } from './support/models.js';
import { relativeError, runOnnxruntime } from './support/onnxruntime.js';

describe.each(wholeModels)('$id', ({ input, dims, bytes }) => {
  const model = bytes();
  const feed = imageFor(dims);
  const expected = runOnnxruntime(model, { [input]: feed });

  it.each([0, 1, 2] as const)('agrees with onnxruntime at O%i', async (optimize) => {
    const { files, report } = await compile(model, { optimize, shapes: { [input]: dims } });
    const results = (await loadModel(files)).run({ [input]: feed.data });
    const reference = await expected;
    expect(Object.keys(results)).toEqual(Object.keys(reference));
    for (const [name, { data }] of Object.entries(results)) {
      expect(
        relativeError(data as ArrayLike<number>, reference[name] as ArrayLike<number>),
      ).toBeLessThanOrEqual(1e-4);
    }
    expect(report.warnings).toEqual([]);
  });
});
