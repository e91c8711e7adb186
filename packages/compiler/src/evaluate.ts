/**
 * Runs one node on constants, for constant folding: lowers a graph of this one node and interprets
 * the program, so that folding and running cannot disagree.
 */

import { CompilerError, type ErrorCode, type Evaluate, type Node, tensorFrom } from '@whittle/ir';
import { interpretProgram, lowerGraph } from '@whittle/kernel';
import { interpreterCapabilities } from './interpreter.js';

export const evaluate: Evaluate = (node, inputs) => {
  if (inputs.some((tensor) => tensor?.dtype === 'string')) return undefined;
  try {
    return runNode(node);
  } catch (error) {
    if (error instanceof CompilerError && leavesNode.has(error.code)) return undefined;
    throw error;
  }
};

/** Why a node may not run here; whether that matters is for the lowering of the graph to say. */
const leavesNode: ReadonlySet<ErrorCode> = new Set([
  'E_UNSUPPORTED_OP',
  'E_UNSUPPORTED_FEATURE',
  'E_UNBOUND_DIM',
  'E_LIMIT_SIZE',
]);

function runNode(node: Node): ReturnType<Evaluate> {
  const outputs = node.outputs.flatMap((value, i) => (value ? [{ name: String(i), value }] : []));
  const graph = { name: '', inputs: [], outputs, nodes: [node], metadata: {} };
  const results = interpretProgram(lowerGraph(graph, interpreterCapabilities), {});
  return node.outputs.map((_, i) => {
    const result = results[String(i)];
    return result && tensorFrom(result.dtype, result.dims, result.data);
  });
}
