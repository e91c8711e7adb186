/** Runs cases of the separable family in every way, and compares whole outputs. */

import { type Graph, type Pass, runPasses, sweepGraph } from '@whittle/ir';
import { interpretProgram, lowerGraph, verifyProgram } from '@whittle/kernel';
import { pipelines } from '@whittle/passes';
import { evaluate } from '../../src/evaluate.js';
import { findTarget } from '../../src/targets.js';
import { firstDifference, type Tolerance } from './first-difference.js';
import { loadCollectable } from './load-collectable.js';
import type { SeparableCase } from './separable-case.js';
import {
  type Outputs,
  outputsOfOnnxruntime,
  type Sample,
  sampleCases,
} from './separable-samples.js';
import { type Way, waysFor } from './separable-ways.js';

export interface PreparedWay {
  readonly way: Way;
  /** After the passes. */
  readonly graph: Graph;
}

export interface CheckedCases {
  /** A line for each output that is not what it should be, and for each way that throws. */
  readonly problems: readonly string[];
  readonly prepared: readonly PreparedWay[];
}

/**
 * Checks the cases side by side in one graph, which is far cheaper than one after another. Their
 * seeds have the same tuning: tiles and bands are those of the first.
 */
export async function checkCases(cases: readonly SeparableCase[]): Promise<CheckedCases> {
  const samples = await sampleCases(cases);
  const problems: string[] = [];
  const prepared: PreparedWay[] = [];
  let asWritten: Outputs | undefined;
  for (const way of waysFor(cases[0]?.seed ?? 0)) {
    const sample = samples[way.layout];
    const expected = sample.laidOut(samples.expected);
    const note = (machine: string, text: string): void => {
      problems.push(`${way.name}, ${way.layout}, ${machine}: ${text}`);
    };
    try {
      const context = { evaluate, target: way.target, fuse: way.policy, splitGroups: way.policy };
      const passes = [...pipelines[way.level], ...bandsOf(way)];
      const { graph } = runPasses(sample.graph, passes, { context, verify: true });
      prepared.push({ way, graph });
      const run = await runWay(graph, way, sample);
      compare(run.emitted, expected, againstOracle, (text) => note('emitted', text));
      compare(run.again, run.emitted, exactly, (text) => note('run again', text));
      const { asInterpreted, asWays } = tolerances[way.target.target === 'js' ? 'js' : 'others'];
      compare(run.interpreted, run.emitted, asInterpreted, (text) => note('interpreted', text));
      compare(run.handedBack, expected, againstOracle, (text) => note('handed back', text));
      asWritten ??= run.emitted;
      const wanted = sample.laidOut(asWritten);
      compare(run.emitted, wanted, asWays, (text) => note('beside what was written', text));
    } catch (error) {
      note('stopped', error instanceof Error ? String(error.stack) : String(error));
    }
  }
  return { problems, prepared };
}

/** A pass that gives fused ops the bands of the way, which the op says change no result. */
function bandsOf({ bandRows }: Way): readonly Pass[] {
  if (bandRows === undefined) return [];
  const run: Pass['run'] = (graph) =>
    sweepGraph(graph, ({ op }, rewriter) =>
      op === 'SeparableConv' ? rewriter.update({ attributes: { band_rows: bandRows } }) : undefined,
    );
  return [{ id: 'set-bands', summary: 'Sets the bands of fused convolutions.', run }];
}

/** onnxruntime sums in another order, and in float32. */
const againstOracle: Tolerance = { relative: 1e-4, scaled: 1e-5, absolute: 0 };
/** JavaScript sums in float64, and rounds what is stored between kernels. */
const amongWays: Tolerance = { relative: 1e-5, scaled: 2e-6, absolute: 0 };
const exactly: Tolerance = { relative: 0, scaled: 0, absolute: 0 };
/** Targets other than JavaScript sum in float32. */
const tolerances = {
  js: { asInterpreted: exactly, asWays: amongWays },
  others: { asInterpreted: againstOracle, asWays: againstOracle },
};

interface Run {
  readonly emitted: Outputs;
  /** A second time, when memory holds what the first has left there. */
  readonly again: Outputs;
  /** Of one way only: the interpreter, which knows of every access outside of a buffer. */
  readonly interpreted: Outputs | undefined;
  /** Of one way only: what onnxruntime makes of the optimised graph. */
  readonly handedBack: Outputs | undefined;
}

async function runWay(graph: Graph, way: Way, { feeds }: Sample): Promise<Run> {
  const program = lowerGraph(graph, way.target);
  const { emit } = findTarget(way.target.target);
  const options = { stem: 'random', inline: false, profile: false };
  const model = await loadCollectable(await emit(program, options));
  const emitted = dataOf(model.run(feeds));
  const again = dataOf(model.run(feeds));
  const isThorough = way.policy === 'all' && way.layout === 'NCHW';
  if (isThorough) verifyProgram(program);
  return {
    ...{ emitted, again },
    interpreted: isThorough ? dataOf(interpretProgram(program, feeds)) : undefined,
    handedBack: isThorough ? await outputsOfOnnxruntime(graph, feeds) : undefined,
  };
}

function dataOf(
  results: Readonly<Record<string, { readonly data: ArrayLike<number | bigint> }>>,
): Outputs {
  return Object.fromEntries(
    Object.entries(results).map(([name, { data }]) => [name, data as ArrayLike<number>]),
  );
}

function compare(
  actual: Outputs | undefined,
  expected: Outputs,
  tolerance: Tolerance,
  note: (text: string) => void,
): void {
  if (actual === undefined) return;
  for (const [name, data] of Object.entries(expected)) {
    const difference = firstDifference(actual[name], data, tolerance);
    if (difference !== undefined) note(`${name}: ${difference}`);
  }
}
