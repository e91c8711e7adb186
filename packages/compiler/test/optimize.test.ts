import { importOnnx } from '@whittle/onnx';
import { expect, it } from 'vitest';
import { optimize } from '../src/index.js';
import { runOnnxruntime } from './support/onnxruntime.js';
import { smallModel } from './support/small-model.js';

it('gives a model that onnxruntime takes and that computes the same', async () => {
  const before = smallModel();
  const after = await optimize(before);
  const ops = (bytes: Uint8Array) => importOnnx(bytes).nodes.map(({ op }) => op);
  expect(ops(after)).toEqual(ops(before));
  const data = Float32Array.from({ length: 192 }, (_, i) => Math.cos(i));
  const feeds = { image: { dtype: 'float32', dims: [1, 3, 8, 8], data } } as const;
  const [a, b] = [await runOnnxruntime(before, feeds), await runOnnxruntime(after, feeds)];
  expect(a.scores).toHaveLength(5);
  for (const [i, value] of Array.from(a.scores ?? [], Number).entries()) {
    expect(b.scores?.[i]).toBeCloseTo(value, 6);
  }
});
