/** Every op as lowered for memory that holds floats in halves, run by the interpreter, against onnxruntime. */

import { runGridCases } from './op-cases/grid-cases.js';
import { interpretFor, testTarget } from './op-cases/interpret-graph.js';

const wrong = new Set<string>([
  // Shifts by more than the bits of a word.
  'BitShift u64[2] u64[2] direction="LEFT"',
  // 46402772992, which is infinite among halves.
  'ReduceProd f32[2,3,4,5]',
]);

const grid = { workgroupSize: 64, sharedBytes: 16 * 1024, busyThreads: 512, alignment: 256 };

runGridCases(interpretFor({ ...testTarget, lanes: 4, grid: { ...grid, halves: true } }), wrong, {
  closeness: { absolute: 1e-6, relative: 5e-3, ofLargest: true },
  inTurn: true,
});
