/** Ops that read at positions held in a tensor of indices. */

import { integersOf, type Node, optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { cast, index } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { range } from '../schedule/contraction.js';
import { rowMajorStrides, sliceView, type View } from '../view.js';
import { inMemoryOrder, origin, overAxes } from './axis-loops.js';
import {
  coordinate,
  countOf,
  inputDims,
  normalizeAxis,
  outputDims,
  positionFromData,
  withCoordinate,
} from './index-math.js';
import type { ElementContext, KernelContext, LoweringRule } from './rule.js';
import { agree, allAgree, axisOf, countsFromFront, dimsOf, hasTail } from './tails.js';

const gather: LoweringRule = {
  reads: (node, input) => {
    if (input === 0) return progressionOf(node) === undefined ? 'many' : 'once';
    return readsIndicesOnce(node);
  },
  // A view has its place in memory counted out from constant indices.
  allowsTails: (node) => !hasTail(node, 0, axisOf(node, 0)) || countsFromFront(node, 1),
  view: (context, input) => gatherView(context.node, input),
  element: (context, block, at) => readGathered(context, block, at, positionAt(context, block, at)),
  kernel: writeGather,
};

/** The position along the axis that an output index reads. */
function positionAt(context: ElementContext, block: Block, at: readonly Expr[]): Expr {
  const indices = context.operand(1);
  const axis = gatherAxis(context.node);
  const element = indices.read(block, at.slice(axis, axis + indices.dims.length));
  return positionOfIndex(context, block, element, axis);
}

function readGathered(
  context: ElementContext,
  block: Block,
  at: readonly Expr[],
  position: Expr,
): Expr {
  const axis = gatherAxis(context.node);
  const end = axis + inputDims(context.node, 1).length;
  return context.operand(0).read(block, [...at.slice(0, axis), position, ...at.slice(end)]);
}

/** The general loops, but each index is read as soon as the loops around it tell which. */
function writeGather(context: KernelContext): void {
  const y = context.destination(0);
  const axis = gatherAxis(context.node);
  const end = axis + inputDims(context.node, 1).length;
  const order = inMemoryOrder(range(y.dims.length), y);
  const depth = 1 + order.findLastIndex((one) => one >= axis && one < end);
  overAxes(context.block, y.dims, order.slice(0, depth), origin(y.dims), (outer, fixed) => {
    const position = outer.let('g', positionAt(context, outer, fixed));
    overAxes(outer, y.dims, order.slice(depth), fixed, (inner, at) =>
      y.store(inner, at, readGathered(context, inner, at, position)),
    );
  });
}

function gatherAxis(node: Node): number {
  return normalizeAxis(
    node,
    optionalAttribute(node, 'axis', 'int') ?? 0,
    inputDims(node, 0).length,
  );
}

/** An index as a position along an axis of input 0; constant indices need no check when it runs. */
function positionOfIndex(context: ElementContext, block: Block, element: Expr, axis: number): Expr {
  const size = inputDims(context.node, 0)[axis] ?? 1;
  const known = integersOf(context.node.inputs[1]);
  const inside = known?.every((value) => value >= 0 && value < size) === true;
  return inside && element.kind !== 'literal'
    ? cast(element, 'index')
    : positionFromData(block, element, context.inputSize(0, axis));
}

interface Progression {
  readonly start: number;
  readonly step: number;
}

/** Constant indices that go up or down by equal steps, which a slice takes as well. */
function progressionOf(node: Node): Progression | undefined {
  const size = inputDims(node, 0)[gatherAxis(node)] ?? 0;
  const positions = integersOf(node.inputs[1])?.map((i) => (i < 0 ? i + size : i));
  const [start, second] = positions ?? [];
  if (positions === undefined || start === undefined) return undefined;
  const step = second === undefined ? 1 : second - start;
  const even = positions.every((position, i) => position === start + i * step);
  const inside = positions.every((position) => position >= 0 && position < size);
  return even && inside && step !== 0 ? { start, step } : undefined;
}

function gatherView(node: Node, input: View): View | undefined {
  const progression = progressionOf(node);
  if (progression === undefined) return undefined;
  const { start, step } = progression;
  const axis = gatherAxis(node);
  const indices = inputDims(node, 1);
  const slice = sliceView(input, axis, start, countOf(indices), step);
  const stride = slice.strides[axis] ?? 0;
  return {
    ...slice,
    dims: slice.dims.toSpliced(axis, 1, ...indices),
    strides: slice.strides.toSpliced(
      axis,
      1,
      ...rowMajorStrides(indices).map((steps) => steps * stride),
    ),
  };
}

function readsIndicesOnce(node: Node): 'once' | 'many' {
  return countOf(outputDims(node, 0)) === countOf(inputDims(node, 1)) ? 'once' : 'many';
}

const gatherElements: LoweringRule = {
  allowsTails: (node) => {
    const axis = axisOf(node, 0);
    const [data, indices] = [dimsOf(node.inputs[0]), dimsOf(node.inputs[1])];
    return data.every((dim, i) => i === axis || agree(dim, indices[i]));
  },
  reads: (_, input) => (input === 1 ? 'once' : 'many'),
  element: (context, block, at) => {
    const axis = gatherAxis(context.node);
    const element = context.operand(1).read(block, at);
    const position = positionOfIndex(context, block, element, axis);
    return context.operand(0).read(block, withCoordinate(at, axis, position));
  },
};

/** Each tuple in the last axis of the indices picks a slice of data, behind shared batch axes. */
const gatherND: LoweringRule = {
  allowsTails: (node) => {
    const batch = optionalAttribute(node, 'batch_dims', 'int') ?? 0;
    const [data, indices] = [dimsOf(node.inputs[0]), dimsOf(node.inputs[1])];
    return allAgree(data.slice(0, batch), indices);
  },
  element: (context, block, at) => {
    const data = context.operand(0);
    const indices = context.operand(1);
    const batch = optionalAttribute(context.node, 'batch_dims', 'int') ?? 0;
    const rank = indices.dims.length - 1;
    const tuple = Array.from({ length: indices.dims[rank] ?? 0 }, (_, i) => {
      const place = [...at.slice(0, rank), index(i)];
      const element = indices.read(block, place);
      return positionFromData(block, element, context.inputSize(0, batch + i));
    });
    const lead = Array.from({ length: batch }, (_, axis) => coordinate(at, axis));
    return data.read(block, [...lead, ...tuple, ...at.slice(rank)]);
  },
};

export const gatherRules: Readonly<Record<string, LoweringRule>> = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
};
