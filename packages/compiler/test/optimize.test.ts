import { parseGraph } from '@whittle/ir';
import { exportOnnx, importOnnx } from '@whittle/onnx';
import { expect, it } from 'vitest';
import {
  normalizationConstants,
  normalizationInput,
  normalizationSpellings,
} from '../../passes/test/layer-normalization-spellings.js';
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

it.each([11, 16, 17])(
  'keeps opset %i, whether it has layer normalisation or not',
  async (opset) => {
    const { lines } = normalizationSpellings.find(({ what }) => what.startsWith('γ')) ?? {};
    const text = `${normalizationInput}  ${normalizationConstants}  ${lines}  output "y" = %y`;
    const before = exportOnnx(parseGraph(`graph "g" { ${text} }`), { opset });
    const reports: OptimizeReport[] = [];
    const after = await optimize(before, { onReport: (report) => reports.push(report) });
    const parts = { ReduceMean: 2, Add: 2, Div: 1, Mul: 1, Pow: 1, Sqrt: 1, Sub: 1 };
    expect(importOnnx(after).metadata['onnx.opset.ai.onnx']).toBe(String(opset));
    expect(reports[0]?.after.ops).toEqual(opset < 17 ? parts : { LayerNormalization: 1 });
  },
);

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
