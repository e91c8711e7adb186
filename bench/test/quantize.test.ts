/** Quantising models: what is written, and how near the scores stay. */

import type { Tensors } from '@whittle/compiler';
import { type Graph, GraphBuilder, seededTensor, tensorOf, type Value } from '@whittle/ir';
import { exportOnnx, importOnnx, type ModelSummary } from '@whittle/onnx';
import { describe, expect, it } from 'vitest';

import { differenceBetween } from '../src/harness/difference.ts';
import { nativeRuntime } from '../src/harness/onnx-runtime.ts';
import { calibrationImages } from '../src/quantize/calibration-images.ts';
import { quantize } from '../src/quantize/quantize.ts';

const forms = ['qdq', 'qoperator'] as const;

/** A convolution with its activation, a pool, a sum, and an op that integers are no good for. */
function smallGraph(): Graph {
  const builder = new GraphBuilder('small');
  const conv = (name: string, x: Value, seed: number): Value => {
    const weight = builder.constant(seededTensor('float32', [3, 3, 3, 3], seed), `${name}.weight`);
    const bias = builder.constant(seededTensor('float32', [3], seed + 1), `${name}.bias`);
    return builder.op('Conv', [x, weight, bias], { pads: [1, 1, 1, 1] }, { outputs: [name] });
  };
  const x = builder.input('x', 'float32', [1, 3, 8, 8]);
  const bounds = [builder.scalar('float32', 0), builder.scalar('float32', 6)];
  const first = builder.op('Clip', [conv('first', x, 1), ...bounds]);
  const pooled = builder.op('MaxPool', [first], { kernel_shape: [2, 2], strides: [2, 2] });
  const sum = builder.op('Relu', [builder.op('Add', [conv('second', pooled, 3), pooled])]);
  const flat = builder.op('Flatten', [builder.op('GlobalAveragePool', [sum])]);
  const matrix = builder.constant(seededTensor('float32', [4, 3], 5), 'matrix');
  const summand = builder.constant(seededTensor('float32', [4], 6), 'summand');
  const scores = builder.op('Gemm', [flat, matrix, summand], { transB: 1 });
  builder.output('scores', builder.op('Sigmoid', [scores]));
  return builder.build();
}

async function run(bytes: Uint8Array, feeds: Tensors): Promise<Float32Array> {
  const { open } = await nativeRuntime();
  const session = await open(bytes, feeds, { graphOptimizationLevel: 'disabled' });
  const [output] = Object.values(await session.run());
  await session.dispose();
  if (!(output?.data instanceof Float32Array)) throw new Error('There is no output.');
  return output.data;
}

describe('a small model', () => {
  const bytes = exportOnnx(smallGraph());
  const feeds = calibrationImages([1, 3, 8, 8], 2).map((x) => ({ x }));

  // Clip and Relu are gone in both.
  it.each([
    [
      'qdq',
      {
        QuantizeLinear: 8,
        DequantizeLinear: 14,
        ...{ Conv: 2, MaxPool: 1, Add: 1, GlobalAveragePool: 1, Flatten: 1, Gemm: 1, Sigmoid: 1 },
      },
    ],
    [
      'qoperator',
      {
        ...{ QuantizeLinear: 1, DequantizeLinear: 1 },
        ...{ QLinearConv: 2, MaxPool: 1, Flatten: 1, QLinearMatMul: 1, Sigmoid: 1 },
        ...{ 'com.microsoft::QLinearAdd': 2, 'com.microsoft::QLinearGlobalAveragePool': 1 },
      },
    ],
  ] as const)('becomes these ops as %s, in its own opset', async (form, ops) => {
    let written: ModelSummary | undefined;
    const { metadata } = importOnnx(await quantize(bytes, feeds, { form }), {
      onSummary: (summary) => {
        written = summary;
      },
    });
    expect(written?.ops).toEqual(ops);
    expect(metadata['onnx.opset.ai.onnx']).toBe('18');
  });

  // Weights of 8 bits beside uint8 saturate in ONNX Runtime on some processors.
  it.each([
    { form: 'qdq' },
    { form: 'qdq', activations: 'int8' },
    { form: 'qoperator', reduceRange: true },
    { form: 'qoperator', activations: 'int8' },
  ] as const)(
    'gives nearly the same scores, and the same bytes each time, with %j',
    async (options) => {
      const quantized = await quantize(bytes, feeds, options);
      expect(await quantize(bytes, feeds, options)).toEqual(quantized);
      for (const image of feeds) {
        const { relative } = differenceBetween(
          await run(quantized, image),
          await run(bytes, image),
        );
        expect(relative).toBeLessThan(0.03);
      }
    },
  );
});

it.each(forms)('keeps the bias of a channel without weights, as %s', async (form) => {
  const builder = new GraphBuilder('bias');
  const x = builder.input('x', 'float32', [1, 3, 8, 8]);
  const weight = builder.constant(tensorOf('float32', [2, 3, 1, 1], [1, 1, 1, 0, 0, 0]), 'weight');
  const bias = builder.constant(tensorOf('float32', [2], [0, 0.7]), 'bias');
  builder.output('y', builder.op('Conv', [x, weight, bias]));
  const images = calibrationImages([1, 3, 8, 8], 2).map((image) => ({ x: image }));
  const quantized = await quantize(exportOnnx(builder.build()), images, { form });
  const second = (await run(quantized, images[0] ?? {})).subarray(64);
  // Half of one of 255 steps, of less than 3 + 3.
  for (const y of second) expect(Math.abs(y - 0.7)).toBeLessThan(0.012);
});

it('writes opset 13 where the model is older, since it has scales for each channel', async () => {
  const feeds = calibrationImages([1, 3, 8, 8], 2).map((x) => ({ x }));
  const quantized = await quantize(exportOnnx(smallGraph(), { opset: 11 }), feeds, { form: 'qdq' });
  expect(importOnnx(quantized).metadata['onnx.opset.ai.onnx']).toBe('13');
  expect(await run(quantized, feeds[0] ?? {})).toHaveLength(4);
});

it('leaves models with control flow alone', async () => {
  const builder = new GraphBuilder('branches');
  const x = builder.input('x', 'float32', [1, 3, 8, 8]);
  const isChosen = builder.input('chosen', 'bool', []);
  const branchOf = (op: string): Graph => {
    const branch = new GraphBuilder(op, builder);
    branch.output(`${op}.y`, branch.op(op, [x]));
    return branch.build();
  };
  const regions = { then_branch: branchOf('Relu'), else_branch: branchOf('Neg') };
  builder.output('y', builder.op('If', [isChosen], {}, { regions }));
  const bytes = exportOnnx(builder.build());
  await expect(quantize(bytes, [], { form: 'qdq' })).rejects.toThrow(/^If .*control flow/);
});
