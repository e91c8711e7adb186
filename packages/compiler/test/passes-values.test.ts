/**
 * What the passes make of a graph computes what the graph does: both are written as ONNX and run in
 * onnxruntime-node, so that nothing but the passes and the exporter is in between.
 */

import {
  type Graph,
  genericTarget,
  parseGraph,
  printGraph,
  runPasses,
  seededTensor,
  typedArrayOf,
} from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';
import { pipelines } from '@whittle/passes';
import { describe, expect, it } from 'vitest';
import {
  activationSpellings,
  spellingConstants,
  spellingInput,
} from '../../passes/test/activation-spellings.js';
import {
  normalizationConstants,
  normalizationInput,
  normalizationSpellings,
} from '../../passes/test/layer-normalization-spellings.js';
import { evaluate } from '../src/evaluate.js';
import { relativeError, runOnnxruntime } from './support/onnxruntime.js';
import { randomContraction } from './support/random-contraction.js';

const { WHITTLE_CONTRACTIONS = '200', WHITTLE_CONTRACTION_SEED } = process.env;
const seeds =
  WHITTLE_CONTRACTION_SEED === undefined
    ? Array.from({ length: Number(WHITTLE_CONTRACTIONS) }, (_, seed) => seed)
    : [Number(WHITTLE_CONTRACTION_SEED)];

describe('products and sums around a convolution or matrix product', () => {
  it.each(seeds)('give what onnxruntime gives, folded: seed %i', async (seed) => {
    const { graph, dims } = randomContraction(seed);
    await expectSame(graph, dims);
  });
});

describe('a spelling', () => {
  it.each(activationSpellings)('of an activation: $what', async ({ lines }) => {
    const text = `${spellingInput}  ${spellingConstants}  ${lines}`;
    await expectSame(parseGraph(`graph "g" { ${text}  output "y" = %y }`), [1, 2, 4, 4]);
  });

  it.each(normalizationSpellings)('of layer normalisation: $what', async ({ lines }) => {
    const text = `${normalizationInput}  ${normalizationConstants}  ${lines}`;
    await expectSame(parseGraph(`graph "g" { ${text}  output "y" = %y }`), [2, 3, 4]);
  });
});

async function expectSame(graph: Graph, dims: readonly number[]): Promise<void> {
  const context = { evaluate, target: genericTarget };
  const after = runPasses(graph, pipelines[2], { context, verify: true }).graph;
  const random = typedArrayOf(seededTensor('float32', dims, 1));
  // Activations bend within a few units around 0.
  const data = Float32Array.from(Array.from(random, Number), (element) => element * 5);
  const feeds = { x: { dtype: 'float32', dims, data } } as const;
  const { y: expected } = await runOnnxruntime(exportOnnx(graph), feeds);
  const { y: actual } = await runOnnxruntime(exportOnnx(after), feeds);
  const text = `${printGraph(graph, { elideAbove: 64 })}\n${printGraph(after, { elideAbove: 64 })}`;
  const error = relativeError(numbersOf(actual), numbersOf(expected));
  expect(error, text).toBeLessThanOrEqual(1e-5);
}

function numbersOf(data: ArrayLike<number | bigint> | undefined): number[] {
  return Array.from(data ?? [], Number);
}
