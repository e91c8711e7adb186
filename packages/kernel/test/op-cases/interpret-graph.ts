/** Executes a graph by lowering it, and verifying and interpreting the program. */

import { typedArrayOf } from '@whittle/ir';
import {
  type Capabilities,
  interpretProgram,
  lowerGraph,
  type Program,
  verifyProgram,
} from '@whittle/kernel';
import type { RunGraph } from './run-cases.js';

/** A scalar target with small tiles, so that small cases have whole tiles and rests. */
export const testTarget: Capabilities = {
  target: 'test',
  lanes: 1,
  tileRows: 2,
  tileColumns: 4,
  productPixels: 0,
  depthwisePixels: 2,
  branchesOnMax: false,
  winograd: 'none',
  cacheBytes: 1 << 18,
  costs: { contraction: 2.1, depthwise: 2, memory: 5, launch: 20 },
};

export const interpretGraph: RunGraph = interpretFor(testTarget);

/** Executes a graph as it is lowered for a target. */
export function interpretFor(target: Capabilities): RunGraph {
  return (graph, feeds) => interpret(lowerGraph(graph, target), feeds);
}

function interpret(
  program: Program,
  feeds: Parameters<RunGraph>[1],
): ReturnType<typeof interpretProgram> {
  verifyProgram(program);
  const data = Object.entries(feeds).map(([name, tensor]) => [
    name,
    { dtype: tensor.dtype, dims: tensor.dims, data: typedArrayOf(tensor) },
  ]);
  return interpretProgram(program, Object.fromEntries(data));
}
