/** Counting what a decoded model consists of, before an import or after an export. */

import { dtypeFromCode, dtypes } from '@whittle/ir';
import type { onnx } from 'onnx-proto';
import { saturatedInt } from './int64.js';
import type { ModelSummary } from './model-summary.js';
import { opName } from './op-name.js';

export function summarizeProto({ graph }: onnx.IModelProto): ModelSummary {
  const counts = new Map<string, number>();
  const parameterBytes = graph ? countGraph(graph, counts) : 0;
  const ops = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return {
    nodes: sum(ops.map(([, count]) => count)),
    ops: Object.fromEntries(ops),
    parameterBytes,
  };
}

/** Counts nodes into `counts` and returns the bytes of parameters. Graphs nest no deeper than 64 levels. */
function countGraph(graph: onnx.IGraphProto, counts: Map<string, number>): number {
  let bytes = sum((graph.initializer ?? []).map(tensorBytes));
  for (const node of graph.node ?? []) {
    const op = opName(node);
    counts.set(op, (counts.get(op) ?? 0) + 1);
    for (const { t, tensors, g, graphs } of node.attribute ?? []) {
      bytes += sum([...(t ? [t] : []), ...(tensors ?? [])].map(tensorBytes));
      bytes += sum([...(g ? [g] : []), ...(graphs ?? [])].map((each) => countGraph(each, counts)));
    }
  }
  return bytes;
}

/** By its dims, wherever the data is; strings have no fixed size and count as nothing. */
function tensorBytes({ dataType, dims }: onnx.ITensorProto): number {
  const dtype = dtypeFromCode(dataType ?? 0);
  if (dtype === undefined) return 0;
  return (dims ?? []).reduce((product, dim) => product * saturatedInt(dim), dtypes[dtype].bytes);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
