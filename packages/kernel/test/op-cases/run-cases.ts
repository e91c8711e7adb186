/** Runs a table of cases through one way of executing graphs. */

import type { Graph } from '@whittle/ir';
import { describe, it } from 'vitest';
import { expectClose } from './expect-close.js';
import { lowerableGraph } from './lowerable-graph.js';
import { type CaseInput, feedsOf, type OpCase, settingsOf } from './op-case.js';
import { type ReferenceTensor, referenceOf } from './reference.js';

export type RunGraph = (
  graph: Graph,
  feeds: Readonly<Record<string, CaseInput['tensor']>>,
) => Readonly<Record<string, ReferenceTensor>> | Promise<Readonly<Record<string, ReferenceTensor>>>;

/**
 * One test for each case, in every setting that suits it; with `first` in one of them, the next case in the next,
 * beginning with that number.
 */
export function runCases(
  title: string,
  cases: readonly OpCase[],
  run: RunGraph,
  first?: number,
): void {
  describe(title, () => {
    for (const [i, opCase] of cases.entries()) {
      const taken = settingsOf(opCase, first === undefined ? undefined : first + i);
      it(opCase.name, async () => {
        const expected = await referenceOf(opCase);
        for (const setting of taken) {
          const results = await run(lowerableGraph(opCase, setting), feedsOf(opCase));
          for (const [name, tensor] of Object.entries(expected)) {
            expectClose(results[name], tensor, `${name} (${setting})`);
          }
        }
      });
    }
  });
}
