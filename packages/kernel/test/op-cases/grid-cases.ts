/**
 * The tables of cases on a target that has a grid. Memory of words knows no float64, which is refused, and
 * of integers of 64 bits the lower half. It has no control flow either.
 */

import { type Graph, genericTarget } from '@whittle/ir';
import { describe, expect, it } from 'vitest';
import { opCases } from './all.js';
import { type Closeness, expectClose } from './expect-close.js';
import { lowerableGraph } from './lowerable-graph.js';
import { feedsOf, settingsOf } from './op-case.js';
import { type ReferenceTensor, referenceOf } from './reference.js';
import type { RunGraph } from './run-cases.js';

/** That there is a grid is all that passes here ask of it. */
const gridTarget = {
  ...genericTarget,
  grid: { workgroupSize: 64, sharedBytes: 16 * 1024, busyThreads: 512 },
};

export interface GridCaseOptions {
  readonly closeness?: Closeness;
  /** Whether a case is in one setting only, the next case in the next one. Default: in all that suit it. */
  readonly inTurn?: boolean;
}

/** One test for each case; `wrong` are those that are known to give other numbers. */
export function runGridCases(
  run: RunGraph,
  wrong: ReadonlySet<string>,
  { closeness, inTurn = false }: GridCaseOptions = {},
): void {
  for (const [family, cases] of Object.entries(opCases)) {
    describe(family, () => {
      for (const [i, opCase] of cases.entries()) {
        const taken = settingsOf(opCase, inTurn ? i : undefined);
        const test = wrong.has(opCase.name) ? it.fails : it;
        test(opCase.name, async () => {
          const expected = await referenceOf(opCase);
          for (const setting of taken) {
            const graph = lowerableGraph(opCase, setting, gridTarget);
            const results = async () => run(graph, feedsOf(opCase));
            if (opCase.refusedOnGrid) {
              await expect(results).rejects.toThrow('runs as data decide');
              continue;
            }
            if (isOfFloat64(graph)) {
              await expect(results).rejects.toThrow('float64, which this target lacks');
              continue;
            }
            const given = await results();
            for (const [name, tensor] of Object.entries(expected)) {
              expectClose(given[name], lowerHalf(tensor), `${name} (${setting})`, closeness);
            }
          }
        });
      }
    });
  }
}

function isOfFloat64({ inputs, nodes }: Graph): boolean {
  const values = [...inputs, ...nodes.flatMap((node) => [...node.inputs, ...node.outputs])];
  return values.some((value) => value?.type?.dtype === 'float64');
}

function lowerHalf({ dtype, dims, data }: ReferenceTensor): ReferenceTensor {
  if (data instanceof BigInt64Array) {
    return { dtype, dims, data: data.map((value) => BigInt.asIntN(32, value)) };
  }
  if (data instanceof BigUint64Array) {
    return { dtype, dims, data: data.map((value) => BigInt.asUintN(32, value)) };
  }
  return { dtype, dims, data };
}
