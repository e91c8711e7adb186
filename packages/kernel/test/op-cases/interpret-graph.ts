/** Executes a graph by lowering it, and verifying and interpreting the program. */

import { typedArrayOf } from '@whittle/ir';
import { interpretProgram, lowerGraph, verifyProgram } from '@whittle/kernel';
import type { RunGraph } from './run-cases.js';

/** A scalar target with small tiles, so that small cases have whole tiles and rests. */
export const testTarget = {
  target: 'test',
  lanes: 1,
  tileRows: 2,
  tileColumns: 4,
  productPixels: 0,
  depthwisePixels: 2,
  branchesOnMax: false,
  cacheBytes: 1 << 18,
  costs: { contraction: 2.1, depthwise: 2, memory: 5, launch: 20 },
};

export const interpretGraph: RunGraph = (graph, feeds) => {
  const program = lowerGraph(graph, testTarget);
  verifyProgram(program);
  const data = Object.entries(feeds).map(([name, tensor]) => [
    name,
    { dtype: tensor.dtype, dims: tensor.dims, data: typedArrayOf(tensor) },
  ]);
  return interpretProgram(program, Object.fromEntries(data));
};
