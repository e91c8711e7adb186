/** Compiles a model at one level, runs the module and compares every output with the reference. */

import { type CompileReport, CompilerError, type OptimizationLevel } from '@whittle/compiler';

import { compareOutputs, type OutputsComparison } from './compare-outputs.js';
import { loadEmitted } from './emitted-module.js';
import type { ReferenceRun } from './reference-run.js';

export interface Verdict {
  readonly outcome: 'PASS' | 'FAIL' | 'SKIP';
  readonly text: string;
}

export async function checkModel(
  bytes: Uint8Array,
  optimize: OptimizationLevel,
  { feeds, outputs }: ReferenceRun,
): Promise<Verdict> {
  try {
    const { model, report, dispose } = await loadEmitted(bytes, { optimize });
    try {
      return verdictOn(compareOutputs(await model.run(feeds), outputs), report);
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
  { agrees, outputs, elements, relativeError, problems }: OutputsComparison,
  { before, after, program }: CompileReport,
): Verdict {
  return {
    outcome: agrees ? 'PASS' : 'FAIL',
    text: [
      `${elements} elements of ${outputs} output(s) against ONNX Runtime`,
      `${before.nodes} → ${after.nodes} nodes, ${program.kernels} kernels`,
      `largest error ${relativeError.toExponential(1)} of the largest output`,
      ...problems,
    ].join('; '),
  };
}
