import { type DType, type Graph, GraphBuilder, seededTensor, tensorOf } from '@whittle/ir';
import { expect, test } from 'vitest';
import { exportOnnx } from '../src/index.js';
import { feed, runOrt } from './run-ort.js';

interface Options {
  readonly scales?: readonly number[];
  readonly dtype?: DType;
  readonly attributes?: Readonly<Record<string, number>>;
}

/** Quantised and turned back again, then a product. */
function quantizedGraph({ scales = [0.02], dtype = 'uint8', attributes }: Options = {}): Graph {
  const builder = new GraphBuilder('g');
  const dims = scales.length === 1 ? [] : [scales.length];
  const scale = builder.constant(tensorOf('float32', dims, scales));
  const zero = builder.constant(
    tensorOf(
      dtype,
      dims,
      scales.map((_, i) => i),
    ),
  );
  const x = builder.input('x', 'float32', [2, 3]);
  const q = builder.op('QuantizeLinear', [x, scale, zero], attributes);
  builder.output('y', builder.op('DequantizeLinear', [q, scale, zero]));
  const one = builder.scalar('float32', 0.02);
  const origin = builder.scalar('uint8', 0);
  const w = builder.constant(seededTensor('float32', [3, 2], 1));
  const weights = builder.op('QuantizeLinear', [w, one, origin]);
  if (dtype === 'uint8' && scales.length === 1) {
    const operands = [q, scale, zero, weights, one, origin, one, origin];
    builder.output('z', builder.op('QLinearMatMul', operands));
  }
  return builder.build();
}

test.each([10, 13, 19, 21])(
  'what quantises a tensor as a whole is written in opset %d',
  async (opset) => {
    const graph = quantizedGraph();
    const feeds = { x: feed([2, 3]) };
    expect(await runOrt(exportOnnx(graph, { opset }), feeds)).toEqual(
      await runOrt(exportOnnx(graph), feeds),
    );
  },
);

test('scales of an axis take opset 13', () => {
  const graph = quantizedGraph({ scales: [0.1, 0.2, 0.3] });
  expect(() => exportOnnx(graph, { opset: 13 })).not.toThrow();
  expect(() => exportOnnx(graph, { opset: 12 })).toThrow(/needs 13/);
});

test('elements of 16 bits take opset 21', () => {
  const graph = quantizedGraph({ dtype: 'int16' });
  expect(() => exportOnnx(graph, { opset: 21 })).not.toThrow();
  expect(() => exportOnnx(graph, { opset: 20 })).toThrow(/needs 21/);
});

test('a precision takes opset 23', () => {
  const graph = quantizedGraph({ attributes: { precision: 1 } });
  expect(() => exportOnnx(graph, { opset: 22 })).toThrow(/needs 23/);
});
