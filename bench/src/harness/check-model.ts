/** Compiles a model at one level, runs the module and compares every output with the reference. */

import {
  type CompileReport,
  CompilerError,
  compareTensors,
  type OptimizationLevel,
  type TensorComparison,
} from '@whittle/compiler';

import { loadEmitted } from './emitted-module.js';
import type { ReferenceRun } from './reference-run.js';

export interface Verdict {
  readonly outcome: 'PASS' | 'FAIL' | 'SKIP';
  readonly text: string;
}

/** What whole float32 models are held to: the largest error by the largest output. */
const tolerance = { absolute: 0, relative: 1e-4 };

export async function checkModel(
  bytes: Uint8Array,
  optimize: OptimizationLevel,
  { feeds, outputs }: ReferenceRun,
): Promise<Verdict> {
  try {
    const { model, report, dispose } = await loadEmitted(bytes, { optimize });
    try {
      const results = await model.run(feeds);
      const comparisons = Object.entries(outputs).map(([name, expected]) => {
        const actual = results[name];
        if (actual === undefined) throw new Error(`The module gives no output "${name}".`);
        return compareTensors(actual, expected, tolerance);
      });
      return verdictOn(comparisons, report);
    } finally {
      await dispose();
    }
  } catch (error) {
    return failed(error);
  }
}

export function failed(error: unknown): Verdict {
  const code = error instanceof CompilerError ? `${error.code}: ` : '';
  return { outcome: 'FAIL', text: code + (error instanceof Error ? error.message : error) };
}

function verdictOn(
  comparisons: readonly TensorComparison[],
  { before, after, program }: CompileReport,
): Verdict {
  const elements = comparisons.reduce((sum, comparison) => sum + comparison.elements, 0);
  const error = Math.max(...comparisons.map(({ maxRelativeError }) => maxRelativeError));
  const problems = comparisons.flatMap(({ problem }) => problem ?? []);
  const agrees = elements > 0 && comparisons.every((comparison) => comparison.agrees);
  return {
    outcome: agrees ? 'PASS' : 'FAIL',
    text: [
      `${elements} elements of ${comparisons.length} output(s) against ONNX Runtime`,
      `${before.nodes} → ${after.nodes} nodes, ${program.kernels} kernels`,
      `largest error ${error.toExponential(1)} of the largest output`,
      ...problems,
    ].join('; '),
  };
}
