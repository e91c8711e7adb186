/**
 * Random small graphs with and without passes, interpreted and as emitted by each target, against
 * onnxruntime-node. A failure names its seed: `WHITTLE_GRAPH_SEED=17` runs that graph alone, and
 * `WHITTLE_GRAPHS=5000` runs more of them.
 */

import { type Graph, printGraph, runPasses, seededTensor, typedArrayOf } from '@whittle/ir';
import { interpretProgram, lowerGraph, verifyProgram } from '@whittle/kernel';
import { exportOnnx } from '@whittle/onnx';
import { type OptimizationLevel, pipelines } from '@whittle/passes';
import { describe, expect, it } from 'vitest';
import { loadModel } from '../../codegen-js/test/load-module.js';
import { evaluate } from '../src/evaluate.js';
import { findTarget, type Target, targetNames } from '../src/targets.js';
import { firstDifference } from './support/first-difference.js';
import { type Feed, runOnnxruntime } from './support/onnxruntime.js';
import { type RandomGraph, randomGraph } from './support/random-graph.js';

const { WHITTLE_GRAPHS = '150', WHITTLE_GRAPH_SEED } = process.env;
const seeds =
  WHITTLE_GRAPH_SEED === undefined
    ? Array.from({ length: Number(WHITTLE_GRAPHS) }, (_, seed) => seed)
    : [Number(WHITTLE_GRAPH_SEED)];

type Numbers = ArrayLike<number>;
const tolerance = { relative: 0, scaled: 1e-4, absolute: 1e-7 };
type Results = Readonly<Record<string, { readonly data: ArrayLike<number | bigint> }>>;

describe('random graphs', () => {
  it.each(seeds)('give what onnxruntime gives: seed %i', async (seed) => {
    const { graph, inputs } = randomGraph(seed);
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, dims], i) => [name, feedOf(dims, seed + i)]),
    );
    const expected = await runOnnxruntime(exportOnnx(graph), feeds);
    // What takes a GPU is in `webgpu-random-graphs.test.ts`.
    const targets = targetNames.filter((target) => target !== 'wgsl');
    const ways = targets.flatMap((target) => [0, 2].map((level) => ({ target, level })));
    for (const { target, level } of ways) {
      for (const [way, results] of await resultsOf(graph, target, level as 0 | 2, feeds)) {
        for (const [name, data] of Object.entries(expected)) {
          const difference = firstDifference(
            results[name]?.data as Numbers,
            data as Numbers,
            tolerance,
          );
          expect(
            difference,
            `${name}, ${way} for ${target} at O${level}, of seed ${seed}:\n${printGraph(graph, { elideAbove: 8 })}`,
          ).toBeUndefined();
        }
      }
    }
  });
});

async function resultsOf(
  graph: Graph,
  targetName: Target,
  level: OptimizationLevel,
  feeds: Readonly<Record<string, Feed>>,
): Promise<readonly (readonly [way: string, Results])[]> {
  const { capabilities, emit } = findTarget(targetName);
  const context = { evaluate, target: capabilities };
  const prepared = runPasses(graph, pipelines[level], { context, verify: true }).graph;
  const program = lowerGraph(prepared, capabilities);
  verifyProgram(program);
  const options = { stem: 'random', inline: false, profile: false };
  const model = await loadModel(await emit(program, options));
  return [
    ['interpreted', interpretProgram(program, feeds)],
    ['emitted', model.run(feeds)],
    // Memory keeps what the run before has left there, which must not show.
    ['emitted, run again', model.run(feeds)],
  ];
}

function feedOf(dims: RandomGraph['inputs'][string], seed: number): Feed {
  const data = typedArrayOf(seededTensor('float32', dims, seed));
  if (!(data instanceof Float32Array)) throw new TypeError('Feeds are float32.');
  return { dtype: 'float32', dims, data };
}
