/** Recurrent networks whose state does not, or not all, fit into the memory of a workgroup. */

import { expect, test } from 'vitest';
import { expectClose } from './op-cases/expect-close.js';
import { interpretFor, testTarget } from './op-cases/interpret-graph.js';
import { lowerableGraph } from './op-cases/lowerable-graph.js';
import { feedsOf, type OpCase } from './op-cases/op-case.js';
import { recurrentCases } from './op-cases/recurrent.js';
import { referenceOf } from './op-cases/reference.js';

const cases = recurrentCases.filter(({ inputs }) => inputs[0]?.tensor.dtype === 'float32');
const limits = [
  ['one thread walks, or many take one step', 16],
  ['the sums lie outside of the memory of workgroups', 6 * Float32Array.BYTES_PER_ELEMENT],
] as const;

test.each(limits)('%s', async (_, sharedBytes) => {
  const grid = { workgroupSize: 64, sharedBytes, busyThreads: 512, alignment: 256 };
  const run = interpretFor({ ...testTarget, grid });
  expect(cases.length).toBeGreaterThan(0);
  for (const each of cases) await expectReference(each, run);
});

async function expectReference(each: OpCase, run: ReturnType<typeof interpretFor>): Promise<void> {
  const results = await run(lowerableGraph(each, 'alone'), feedsOf(each));
  for (const [name, tensor] of Object.entries(await referenceOf(each))) {
    expectClose(results[name], tensor, `${name} of ${each.name}`);
  }
}
