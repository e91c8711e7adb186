import { elementCount, type Graph, type Node, typedArrayOf, verifyGraph } from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it, test } from 'vitest';

import { findModel, type ZooModel, type ZooOptions, zoo } from '../src/index.ts';

/**
 * Trained parameters, and multiply-adds for one image of 224 x 224, as counted for torchvision's
 * models (for MobileNetV1, which it lacks: as published, 4.2 M and 569 M).
 */
const published = [
  { id: 'mobilenet-v1', parameters: 4_231_976, macs: 568_740_352 },
  { id: 'mobilenet-v2', parameters: 3_504_872, macs: 300_774_272 },
  { id: 'squeezenet', parameters: 1_235_496, macs: 349_151_936 },
  { id: 'resnet-18', parameters: 11_689_512, macs: 1_814_073_344 },
];

test('every model has a row of published numbers', () => {
  expect(published.map(({ id }) => id)).toEqual(zoo.map(({ id }) => id));
});

describe.each(published)('$id', ({ id, parameters, macs }) => {
  const model = findModel(id);

  it('is of the published size', () => {
    const graph = model.build();
    verifyGraph(graph);
    expect(graph.inputs[0]?.name).toBe(model.inputName);
    expect(graph.inputs[0]?.type?.dims).toEqual(model.inputDims);
    expect(graph.outputs[0]?.value.type?.dims).toEqual([1, 1000]);
    expect(sum(graph, trainedParameters)).toBe(parameters);
    expect(sum(graph, multiplyAdds)).toBe(macs);
  });

  it('runs in onnxruntime, and its scores depend on all that they should', async () => {
    const images = [image(1), image(2)];
    const scores = await run(model, {}, images);
    const [first = [], second = []] = scores;
    expect(first).toHaveLength(2 * 10);
    expect(deviation(first)).toBeGreaterThan(0.1);
    expect(deviation(first)).toBeLessThan(10);
    expect(largestDifference(first, second)).toBeGreaterThan(0.1);

    const [folded = []] = await run(model, { batchNorm: 'folded' }, images);
    expect(largestDifference(first, folded)).toBeLessThan(1e-4 * largest(first));
    const [reseeded = []] = await run(model, { seed: 2 }, images);
    expect(largestDifference(first, reseeded)).toBeGreaterThan(0.1);
  });
});

test('the same options give the same bytes, another seed gives others', () => {
  const bytes = (seed: number) =>
    Buffer.from(exportOnnx(findModel('mobilenet-v2').build({ ...small, seed })));
  expect(bytes(1).equals(bytes(1))).toBe(true);
  expect(bytes(1).equals(bytes(2))).toBe(false);
});

test('an unknown id is refused with those there are', () => {
  expect(() => findModel('alexnet')).toThrow(/alexnet.*mobilenet-v2/);
});

const small = { size: 64, classes: 10, batch: 2 };

async function run(model: ZooModel, options: ZooOptions, images: readonly Float32Array[]) {
  const bytes = exportOnnx(model.build({ ...small, ...options }));
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  const scores: number[][] = [];
  for (const data of images) {
    const feed = new Tensor('float32', data, [small.batch, 3, small.size, small.size]);
    const { output } = await session.run({ [model.inputName]: feed });
    scores.push(Array.from(output?.data ?? [], Number));
  }
  await session.release();
  return scores;
}

/** Waves in both directions, so that neighbours resemble each other as in a photograph. */
function image(phase: number): Float32Array {
  const { batch, size } = small;
  return Float32Array.from({ length: batch * 3 * size * size }, (_, i) => {
    const [row, column] = [Math.floor(i / size), i % size];
    return 1.5 * Math.sin(row / 5 + phase) * Math.cos(column / 7 - phase) + 0.1 * Math.sin(i * i);
  });
}

function trainedParameters(node: Node): number {
  const trained = node.op === 'BatchNormalization' ? [1, 2] : [1, 2, 3];
  return ['Conv', 'Gemm', 'BatchNormalization'].includes(node.op)
    ? trained.reduce((count, i) => {
        const constant = node.inputs[i]?.constant;
        return constant ? count + typedArrayOf(constant).length : count;
      }, 0)
    : 0;
}

function multiplyAdds(node: Node): number {
  const filters = node.inputs[1]?.constant?.dims ?? [];
  const output = (node.outputs[0]?.type?.dims ?? []).map(Number);
  if (node.op === 'Conv') return elementCount(output) * elementCount(filters.slice(1));
  return node.op === 'Gemm' ? elementCount(filters) : 0;
}

function sum(graph: Graph, measure: (node: Node) => number): number {
  return graph.nodes.reduce((total, node) => total + measure(node), 0);
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  return Math.sqrt(values.reduce((total, v) => total + (v - mean) ** 2, 0) / values.length);
}

function largest(values: readonly number[]): number {
  return Math.max(...values.map(Math.abs));
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  return largest(a.map((value, i) => value - (b[i] ?? Number.NaN)));
}
