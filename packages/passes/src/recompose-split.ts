/**
 * Makes one Split of the slices that take a tensor apart along an axis, as `chunk` is exported.
 *
 *     %a = Slice(%x, [0], [58], [1])          %x: f32[1,116,28,28]
 *     %b = Slice(%x, [58], [116], [1])
 *   →
 *     %a, %b = Split(%x) {axis = 1, num_outputs = 2}
 */

import {
  type Graph,
  int64Tensor,
  integersOf,
  isBound,
  type Node,
  type Pass,
  type Rewriter,
  sweepGraph,
  type Value,
} from '@whittle/ir';

export const recomposeSplit: Pass = {
  id: 'recompose-split',
  summary: 'Makes one split of the slices that take a tensor apart.',
  run: (graph) => {
    const partitions = partitionsIn(graph);
    const parts = new Map<Partition, readonly (Value | undefined)[]>();
    if (partitions.size === 0) return graph;
    return sweepGraph(graph, ({ inputs: [x], outputs: [result] }, rewriter) => {
      const partition = result && partitions.get(result);
      if (result === undefined || partition === undefined || x === undefined) return undefined;
      const known = parts.get(partition) ?? split(x, partition, rewriter);
      parts.set(partition, known);
      return known[partition.results.indexOf(result)];
    });
  },
};

/** The slices that take one tensor apart: each begins where the one before it ends. */
interface Partition {
  readonly axis: number;
  readonly lengths: readonly number[];
  readonly results: readonly Value[];
}

/** A slice along one axis, forwards and without gaps. */
interface Piece {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly result: Value;
}

function split(x: Value, { axis, lengths, results }: Partition, rewriter: Rewriter) {
  const outputs = results.map(({ name }) => name);
  // The last of a number of equal parts may be shorter, so they are equal where all of them are.
  if (lengths.every((length) => length === lengths[0])) {
    return rewriter.node('Split', [x], { axis, num_outputs: lengths.length }, { outputs }).outputs;
  }
  const sizes = rewriter.constant(int64Tensor(lengths), 'split');
  return rewriter.node('Split', [x, sizes], { axis }, { outputs }).outputs;
}

/** By the results of the slices, in the graph and in its regions. */
function partitionsIn(graph: Graph): Map<Value, Partition> {
  const pieces = new Map<Value, Piece[]>();
  const partitions = new Map<Value, Partition>();
  for (const node of graph.nodes) {
    for (const region of Object.values(node.regions)) {
      for (const [result, partition] of partitionsIn(region)) partitions.set(result, partition);
    }
    const [x] = node.inputs;
    const piece = pieceOf(node);
    if (x && piece) pieces.set(x, [...(pieces.get(x) ?? []), piece]);
  }
  for (const [x, taken] of pieces) {
    for (const axis of new Set(taken.map((piece) => piece.axis))) {
      const partition = partitionOf(
        x,
        axis,
        taken.filter((piece) => piece.axis === axis),
      );
      for (const result of partition?.results ?? [])
        if (partition) partitions.set(result, partition);
    }
  }
  return partitions;
}

function pieceOf(node: Node): Piece | undefined {
  const [x, starts, ends, axes, steps] = node.inputs;
  const [result] = node.outputs;
  const dims = x?.type?.dims;
  if (node.op !== 'Slice' || dims === undefined || result === undefined) return undefined;
  const operands = [starts, ends, axes].map((operand) => (operand ? integersOf(operand) : [0]));
  const [[start, ...others] = [], [end] = [], [written] = []] = operands;
  if (start === undefined || end === undefined || written === undefined) return undefined;
  if (others.length > 0 || (steps !== undefined && integersOf(steps)?.[0] !== 1)) return undefined;
  const axis = written < 0 ? written + dims.length : written;
  const size = dims[axis];
  if (size === undefined || !isBound(size)) return undefined;
  const clamp = (bound: number) => Math.min(Math.max(bound < 0 ? bound + size : bound, 0), size);
  return { axis, start: clamp(start), end: clamp(end), result };
}

/** The pieces in order, where they are all of the axis and no element is in two of them. */
function partitionOf(x: Value, axis: number, pieces: readonly Piece[]): Partition | undefined {
  const inOrder = pieces.toSorted((a, b) => a.start - b.start);
  const meets = inOrder.every(
    ({ start, end }, i) => start === (inOrder[i - 1]?.end ?? 0) && end > start,
  );
  const isWhole = inOrder.at(-1)?.end === x.type?.dims[axis];
  if (pieces.length < 2 || !meets || !isWhole) return undefined;
  return {
    axis,
    lengths: inOrder.map(({ start, end }) => end - start),
    results: inOrder.map(({ result }) => result),
  };
}
