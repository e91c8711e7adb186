/** Says which of the cases that were run together fail, and makes one of them small. */

import { GraphBuilder, printGraph } from '@whittle/ir';
import { addSeparable } from './add-separable.js';
import { checkCases } from './check-separable.js';
import type { SeparableCase } from './separable-case.js';
import { shrinkCase } from './shrink-separable.js';

const maxProblems = 6;

/** A message for people, with the seeds, and the smallest graph that fails as text. */
export async function explainFailure(
  cases: readonly SeparableCase[],
  problems: readonly string[],
): Promise<string> {
  const failing: SeparableCase[] = [];
  for (const separable of cases) if (await fails(separable)) failing.push(separable);
  const [first] = failing;
  const all = cases.map(({ seed }) => seed).join(', ');
  if (first === undefined) {
    return [`Seeds ${all} fail together and not by themselves:`, ...listed(problems)].join('\n');
  }
  const small = await shrinkCase(first, fails);
  return [
    `Of seeds ${all} these fail: ${failing.map(({ seed }) => seed).join(', ')}.`,
    `WHITTLE_SEPARABLE_SEED=${first.seed} runs one of them alone:`,
    ...listed((await problemsOf(first)) ?? []),
    'A small case that fails:',
    ...listed((await problemsOf(small)) ?? []),
    JSON.stringify(small),
    textOf(small),
  ].join('\n');
}

/** Undefined for a case whose parts do not fit, or that onnxruntime refuses. */
async function problemsOf(separable: SeparableCase): Promise<readonly string[] | undefined> {
  try {
    return (await checkCases([separable])).problems;
  } catch {
    return undefined;
  }
}

async function fails(separable: SeparableCase): Promise<boolean> {
  const problems = await problemsOf(separable);
  return problems !== undefined && problems.length > 0;
}

function listed(problems: readonly string[]): readonly string[] {
  return problems.slice(0, maxProblems).map((problem) => `  ${problem}`);
}

function textOf(separable: SeparableCase): string {
  const builder = new GraphBuilder('small');
  addSeparable(builder, separable, 'NCHW');
  return printGraph(builder.build(), { elideAbove: 64 });
}
