/** Every op as lowered for a target that has a grid, run by the interpreter, against onnxruntime. */

import { runGridCases } from './op-cases/grid-cases.js';
import { interpretFor, testTarget } from './op-cases/interpret-graph.js';

/** Shifts by more than the bits of a word. */
const wrong = new Set(['BitShift u64[2] u64[2] direction="LEFT"']);

runGridCases(
  interpretFor({
    ...testTarget,
    grid: { workgroupSize: 64, sharedBytes: 16 * 1024, busyThreads: 512, alignment: 256 },
  }),
  wrong,
  { inTurn: true },
);
