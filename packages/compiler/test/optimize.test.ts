import { importOnnx } from '@whittle/onnx';
import { expect, it } from 'vitest';
import { type OptimizeReport, optimize } from '../src/index.js';
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

it('reports what the files hold, and what it takes to run them', async () => {
  const reports: OptimizeReport[] = [];
  const before = smallModel();
  const after = await optimize(before, { onReport: (report) => reports.push(report) });
  const ops = { Conv: 2, GlobalAveragePool: 1, Relu: 1, Softmax: 1 };
  const counts = {
    nodes: 5,
    ops,
    parameterBytes: 4 * (27 + 3 + 15),
    macs: 64 * 3 * 9 + 64 * 5 * 3,
  };
  expect(reports).toMatchObject([
    {
      before: { ...counts, fileBytes: before.byteLength },
      after: { ...counts, fileBytes: after.byteLength },
      decisions: [],
      warnings: [],
    },
  ]);
});

it('writes the same whatever is to be fused', async () => {
  const plain = await optimize(smallModel());
  for (const fuse of ['all', 'auto', 'none'] as const) {
    // No option of `optimize`, but those of `compile` may be handed on.
    const options = { fuse, optimize: 2 } as const;
    expect(await optimize(smallModel(), options)).toEqual(plain);
  }
});
