/**
 * The operator tests that ONNX publishes, through import and export: the file that comes out computes
 * what the one that went in does. They lie where Debian's package libonnx-testdata puts them.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CompilerError, type Tensor, typedArrayOf } from '@whittle/ir';
import * as ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { exportOnnx, importOnnx } from '../src/index.js';
import { tensorFromProto } from '../src/tensor-proto.js';
import { onnx } from './onnx-models.js';

const root = '/usr/share/libonnx-testdata/data/node';

async function run(model: Uint8Array, feeds: Record<string, ort.Tensor>) {
  const options = { graphOptimizationLevel: 'disabled', logSeverityLevel: 4 } as const;
  const session = await ort.InferenceSession.create(model, { ...options, intraOpNumThreads: 1 });
  const results = await session.run(feeds);
  await session.release();
  return Object.values(results).map(({ type, dims, data }) => ({ type, dims, data: [...data] }));
}

type Result = Awaited<ReturnType<typeof run>>[number];

/** Kernels of other opsets may add in another order. */
function isClose(expected: Result, actual: Result | undefined): boolean {
  if (actual?.type !== expected.type || String(actual.dims) !== String(expected.dims)) return false;
  return expected.data.every((value, k) => {
    if (Object.is(value, actual.data[k])) return true;
    const [a, b] = [Number(value), Number(actual.data[k])];
    return a === b || Math.abs(a - b) <= 1e-5 * Math.max(1, Math.abs(a));
  });
}

function readTensor(path: string): Tensor {
  const proto = onnx.TensorProto.decode(new Uint8Array(readFileSync(path)));
  return tensorFromProto(proto, { externalData: undefined, onWarning: () => {} });
}

function feedOf(tensor: Tensor): ort.Tensor {
  if (tensor.strings) return new ort.Tensor('string', [...tensor.strings], tensor.dims);
  return new ort.Tensor(
    tensor.dtype as 'float32',
    typedArrayOf(tensor) as Float32Array,
    tensor.dims,
  );
}

const isThere = existsSync(root);
if (!isThere) console.warn(`skipped: ${root} is absent; install libonnx-testdata`);

test.skipIf(!isThere)(
  'published operator tests compute the same',
  async () => {
    let compared = 0;
    const unsupported: string[] = [];
    // An optional input is read as the tensor in it, which is another model to onnxruntime.
    const names = readdirSync(root).filter((name) => !name.startsWith('test_optional_'));
    for (const name of names) {
      const bytes = new Uint8Array(readFileSync(join(root, name, 'model.onnx')));
      let graph: ReturnType<typeof importOnnx>;
      try {
        graph = importOnnx(bytes);
      } catch (error) {
        expect([name, error instanceof CompilerError && error.code]).toEqual([
          name,
          'E_UNSUPPORTED_FEATURE',
        ]);
        unsupported.push(name);
        continue;
      }
      const paths = graph.inputs.map((_, k) =>
        join(root, name, 'test_data_set_0', `input_${k}.pb`),
      );
      if (!paths.every(existsSync)) continue;
      const feeds = Object.fromEntries(
        graph.inputs.map((input, k) => [input.name, feedOf(readTensor(paths[k] ?? ''))]),
      );
      const expected = await run(bytes, feeds).catch(() => undefined);
      if (expected === undefined || /random|bernoulli|dropout/.test(name)) continue;
      for (const options of [{}, { opset: 21 }]) {
        const actual = await run(exportOnnx(graph, options), feeds);
        const differing = expected.filter((result, k) => !isClose(result, actual[k]));
        expect([name, options, differing]).toEqual([name, options, []]);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(1500);
    expect(unsupported.length).toBeLessThan(30);
  },
  600_000,
);
