/**
 * Every op as lowered for a target that has a grid, run by the interpreter, against onnxruntime. Memory of
 * words knows no float64, which is refused, and of integers of 64 bits the lower half.
 */

import type { Graph } from '@whittle/ir';
import { describe, expect, it } from 'vitest';
import { opCases } from './op-cases/all.js';
import { expectClose } from './op-cases/expect-close.js';
import { interpretFor, testTarget } from './op-cases/interpret-graph.js';
import { feedsOf, graphOf, settings, suits } from './op-cases/op-case.js';
import { type ReferenceTensor, referenceOf } from './op-cases/reference.js';

const run = interpretFor({
  ...testTarget,
  grid: { workgroupSize: 64, sharedBytes: 16384, alignment: 256 },
});

/** Shifts by more than the bits of a word. */
const wrong = 'BitShift u64[2] u64[2] direction="LEFT"';

for (const [family, cases] of Object.entries(opCases)) {
  describe(family, () => {
    for (const opCase of cases) {
      const test = opCase.name === wrong ? it.fails : it;
      test(opCase.name, async () => {
        const expected = await referenceOf(opCase);
        for (const setting of settings.filter((one) => suits(opCase, one))) {
          const graph = graphOf(opCase, setting);
          if (isOfFloat64(graph)) {
            expect(() => run(graph, feedsOf(opCase))).toThrow('float64, which this target lacks');
            continue;
          }
          const results = await run(graph, feedsOf(opCase));
          for (const [name, tensor] of Object.entries(expected)) {
            expectClose(results[name], lowerHalf(tensor), `${name} (${setting})`);
          }
        }
      });
    }
  });
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
