import { elementCount, type Graph, type Node, typedArrayOf, verifyGraph } from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it, test } from 'vitest';

import { findModel, type ZooModel, type ZooOptions, zoo } from '../src/index.ts';
import { published } from './published.ts';

test('every model has a row of published numbers', () => {
  expect(published.map(({ id }) => id)).toEqual(zoo.map(({ id }) => id));
});

describe.each(published)('$id', ({ id, parameters, macs, ops }) => {
  const model = findModel(id);

  it('is of the published size', () => {
    const graph = model.build();
    verifyGraph(graph);
    expect(graph.inputs[0]?.name).toBe(model.inputName);
    expect(graph.inputs[0]?.type?.dims).toEqual(model.inputDims);
    expect(graph.outputs[0]?.value.type?.dims).toEqual([1, 1000]);
    expect(sum(graph, trainedParameters)).toBe(parameters);
    expect(sum(graph, multiplyAdds)).toBe(macs);
    if (ops !== undefined) expect(opsByCount(graph)).toBe(ops);
  });

  it('runs in onnxruntime, and its scores depend on all that they should', async () => {
    const images = [dark, bright];
    const scores = await run(model, {}, images);
    const [first = [], second = []] = scores;
    expect(first).toHaveLength(2 * 10);
    expect(deviation(first)).toBeGreaterThan(0.1);
    expect(deviation(first)).toBeLessThan(10);
    expect(largestDifference(first, second)).toBeGreaterThan(telling * largest(first));

    const [folded = []] = await run(model, { batchNorm: 'folded' }, images);
    expect(largestDifference(first, folded)).toBeLessThan(1e-4 * largest(first));
    const [reseeded = []] = await run(model, { seed: 2 }, images);
    expect(largestDifference(first, reseeded)).toBeGreaterThan(telling * largest(first));
  });

  it('keeps the size of what flows through it', async () => {
    const graph = model.build(small);
    const values = graph.nodes.flatMap(({ outputs }) =>
      outputs.filter((value) => value !== undefined),
    );
    const outputs = values.map((value, i) => ({ name: `value${i}`, value }));
    const session = await InferenceSession.create(exportOnnx({ ...graph, outputs }), oneThread);
    const results = await session.run({ [model.inputName]: imageTensor(dark) });
    await session.release();
    const deviations = outputs.map(({ name, value }) => ({
      name: value.name,
      deviation: deviation(Array.from(results[name]?.data ?? [], Number)),
    }));
    expect(deviations.filter((of) => !(of.deviation > 1 / 32 && of.deviation < 4))).toEqual([]);
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

/** By how much of the largest score others have to differ: 500 times the error that tests allow. */
const telling = 0.05;
const small = { size: 64, classes: 10, batch: 2 };
const dark = image({ length: 5, brightness: -0.5 });
const bright = image({ length: 2, brightness: 0.5 });
const oneThread = { intraOpNumThreads: 1 };

async function run(model: ZooModel, options: ZooOptions, images: readonly Float32Array[]) {
  const bytes = exportOnnx(model.build({ ...small, ...options }));
  const session = await InferenceSession.create(bytes, oneThread);
  const scores: number[][] = [];
  for (const data of images) {
    const { output } = await session.run({ [model.inputName]: imageTensor(data) });
    scores.push(Array.from(output?.data ?? [], Number));
  }
  await session.release();
  return scores;
}

function imageTensor(data: Float32Array): Tensor {
  return new Tensor('float32', data, [small.batch, 3, small.size, small.size]);
}

/**
 * Waves in both directions, so that neighbours resemble each other as in a photograph, of variance
 * 1. As photographs do, images differ in the size of what they show and in brightness.
 */
function image({ length, brightness }: { length: number; brightness: number }): Float32Array {
  const { batch, size } = small;
  return Float32Array.from({ length: batch * 3 * size * size }, (_, i) => {
    const [row, column] = [Math.floor(i / size), i % size];
    const wave = 2 * Math.sin(row / length) * Math.cos(column / (length + 2));
    return brightness + wave + 0.1 * Math.sin(i * i);
  });
}

/** Most frequent first, ties by name. */
function opsByCount(graph: Graph): string {
  const counts = new Map<string, number>();
  for (const { op } of graph.nodes) counts.set(op, (counts.get(op) ?? 0) + 1);
  return [...counts]
    .sort(([a, countOfA], [b, countOfB]) => countOfB - countOfA || (a < b ? -1 : 1))
    .map(([op, count]) => `${op} ${count}`)
    .join(', ');
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
