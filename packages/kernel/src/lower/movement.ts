/** Ops that permute, cut, repeat and join: views and parts where strides can say it. */

import { integersOf, type Node, optionalAttribute } from '@whittle/ir';
import { add, floormod, index, mul } from '../expr.js';
import { broadcastView, sliceView, transposeView, type View } from '../view.js';
import {
  coordinate,
  countOf,
  inputDims,
  normalizeAxis,
  outputDims,
  withCoordinate,
} from './index-math.js';
import type { ElementContext, LoweringRule } from './rule.js';
import {
  anyTail,
  axisOf,
  broadcastsFrom,
  dimsOf,
  hasTail,
  sameBesideAxis,
  tailsBesideAxis,
} from './tails.js';

const once = (): 'once' => 'once';

const transpose: LoweringRule = {
  reads: once,
  allowsTails: anyTail,
  view: (context, input) => transposeView(input, permutation(context)),
  inverse: (context, output) => {
    const order = permutation(context);
    const back = order.map((_, axis) => order.indexOf(axis));
    return transposeView(output, back);
  },
  element: (context, block, at) => {
    const order = permutation(context);
    const operand = context.operand(0);
    return operand.read(
      block,
      operand.dims.map((_, axis) => coordinate(at, order.indexOf(axis))),
    );
  },
};

function permutation({ node }: ElementContext): readonly number[] {
  const axes = inputDims(node, 0).map((_, axis) => axis);
  return optionalAttribute(node, 'perm', 'ints') ?? axes.reverse();
}

/** What a slice takes along one axis: `start`, `start + step`, … */
interface AxisSlice {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
}

const slice: LoweringRule = {
  reads: once,
  allowsTails: slicesFromFront,
  view: (context, input) => {
    const dims = context.outputDims(0);
    return axisSlices(context).reduce<View>(
      (view, { axis, start, step }) => sliceView(view, axis, start, dims[axis] ?? 0, step),
      input,
    );
  },
  element: (context, block, at) => {
    const taken = axisSlices(context).reduce(
      (here, { axis, start, step }) =>
        withCoordinate(here, axis, add(mul(coordinate(here, axis), index(step)), index(start))),
      [...at],
    );
    return context.operand(0).read(block, taken);
  },
};

/** What is taken along an axis with a tail is counted from the front. */
function slicesFromFront(node: Node): boolean {
  const starts = integersOf(node.inputs[1]) ?? [];
  const axes = node.inputs[3] === undefined ? starts.map((_, i) => i) : integersOf(node.inputs[3]);
  const steps = node.inputs[4] === undefined ? [] : integersOf(node.inputs[4]);
  if (axes === undefined || steps === undefined) return false;
  const rank = dimsOf(node.inputs[0]).length;
  return starts.every((start, i) => {
    const axis = normalizeAxis(node, axes[i] ?? 0, rank);
    return !hasTail(node, 0, axis) || (start >= 0 && (steps[i] ?? 1) > 0);
  });
}

function axisSlices(context: ElementContext): AxisSlice[] {
  const { node } = context;
  const dims = inputDims(node, 0);
  const starts = context.constants(1);
  const axes = context.optionalConstants(3) ?? starts.map((_, i) => i);
  const steps = context.optionalConstants(4);
  return starts.map((written, i) => {
    const axis = normalizeAxis(node, axes[i] ?? 0, dims.length);
    const size = dims[axis] ?? 0;
    const step = steps?.[i] ?? 1;
    const fromFront = written < 0 ? written + size : written;
    const start = Math.min(Math.max(fromFront, 0), step < 0 ? size - 1 : size);
    return { axis, start: Math.max(start, 0), step };
  });
}

/** Whether the output has more elements than the input. */
function repeats(node: Node): boolean {
  return countOf(inputDims(node, 0)) < countOf(outputDims(node, 0));
}

const expand: LoweringRule = {
  allowsTails: broadcastsFrom(0),
  reads: (node) => (repeats(node) ? 'many' : 'once'),
  view: (context, input) => broadcastView(input, context.outputDims(0)),
  element: (context, block, at) => {
    const operand = context.operand(0);
    const own = at.slice(at.length - operand.dims.length);
    return operand.read(
      block,
      own.map((position, axis) => (operand.dims[axis] === 1 ? index(0) : position)),
    );
  },
};

const split: LoweringRule = {
  reads: once,
  allowsTails: tailsBesideAxis(0),
  view: (context, input, output) => {
    const { axis, start, length } = splitPart(context, output);
    return sliceView(input, axis, start, length, 1);
  },
  element: (context, block, at, output) => {
    const { axis, start } = splitPart(context, output);
    const from = withCoordinate(at, axis, add(coordinate(at, axis), index(start)));
    return context.operand(0).read(block, from);
  },
};

/** Where part `output` lies; parts before it that nobody asked for count too. */
function splitPart(
  context: ElementContext,
  output: number,
): { readonly axis: number; readonly start: number; readonly length: number } {
  const { node } = context;
  const dims = inputDims(node, 0);
  const axis = normalizeAxis(node, optionalAttribute(node, 'axis', 'int') ?? 0, dims.length);
  const size = dims[axis] ?? 0;
  const equal = Math.ceil(size / Math.max(1, node.outputs.length));
  const lengths =
    context.optionalConstants(1) ??
    node.outputs.map((_, i) => Math.max(0, Math.min(equal, size - i * equal)));
  const start = lengths.slice(0, output).reduce((sum, length) => sum + length, 0);
  return { axis, start, length: lengths[output] ?? 0 };
}

const concat: LoweringRule = {
  reads: once,
  allowsTails: (node) => sameBesideAxis(node, axisOf(node, 0)),
  parts: ({ node }, output) => {
    const axis = normalizeAxis(
      node,
      optionalAttribute(node, 'axis', 'int') ?? 0,
      output.dims.length,
    );
    let start = 0;
    return node.inputs.map((_, input) => {
      const length = inputDims(node, input)[axis] ?? 0;
      const part = sliceView(output, axis, start, length, 1);
      start += length;
      return part;
    });
  },
};

const tile: LoweringRule = {
  allowsTails: broadcastsFrom(0),
  reads: (node) => (repeats(node) ? 'many' : 'once'),
  element: (context, block, at) => {
    const { dims, read } = context.operand(0);
    const whole = context.outputDims(0);
    return read(
      block,
      at.map((position, axis) =>
        dims[axis] === whole[axis] ? position : floormod(position, dims[axis] ?? 1),
      ),
    );
  },
};

export const movementRules: Readonly<Record<string, LoweringRule>> = {
  Transpose: transpose,
  Slice: slice,
  Expand: expand,
  Split: split,
  Concat: concat,
  Tile: tile,
};
