/** How pass tests are written: the graph before and the graph expected, both in the text form. */

import {
  genericTarget,
  type Pass,
  type PassContext,
  parseGraph,
  printGraph,
  runPasses,
} from '@whittle/ir';
import { expect } from 'vitest';

const noEvaluator: PassContext = { target: genericTarget };

/** Runs a pass on the graph of `before`, the lines between the braces of its text form. */
export function expectPass(
  pass: Pass,
  before: string,
  expected: string,
  context: PassContext = noEvaluator,
): void {
  const after = runPasses(graphOf(before), [pass], { context, verify: true }).graph;
  expect(printGraph(after)).toBe(printGraph(graphOf(expected)));
}

/** Expects the very same graph object back. */
export function expectUnchanged(pass: Pass, before: string, context = noEvaluator): void {
  const graph = graphOf(before);
  const after = pass.run(graph, context);
  expect(printGraph(after)).toBe(printGraph(graph));
  expect(after).toBe(graph);
}

function graphOf(lines: string) {
  return parseGraph(`graph "test" {\n${lines}\n}`);
}
