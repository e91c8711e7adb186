/**
 * Concat and its inverse. Known elements go along: models put shapes together with these.
 */

import {
  addDims,
  type Dim,
  floorDivDims,
  formatDim,
  formatDims,
  isBound,
  mulDims,
} from '../dim.js';
import type { InferContext, InferredOutput, OpRecord } from '../op-record.js';
import { dimAt, requireRankAtLeast, requireSameDim, requireSameDType } from './checks.js';
import {
  buildElements,
  type Elements,
  elementReader,
  type Index,
  movedElements,
  outputOf,
} from './known-elements.js';
import { allAxes, dimsOperand } from './shape-operands.js';
import { formals, int, required } from './signature.js';

export const concatSplitOps: readonly OpRecord[] = [
  {
    name: 'Concat',
    since: 13,
    summary: 'the inputs one after the other along an axis',
    inputs: formals('inputs*'),
    outputs: formals('concat_result'),
    attributes: { axis: required(int()) },
    traits: { fusion: 'injective' },
    infer: concatOutput,
  },
  {
    name: 'Split',
    since: 18,
    summary:
      'the input in parts along an axis: as long as `split` says, or `num_outputs` equal ones',
    inputs: formals('input split?'),
    outputs: formals('outputs*'),
    attributes: { axis: int(0), num_outputs: int() },
    traits: { fusion: 'view' },
    infer: splitOutputs,
  },
];

function concatOutput(context: InferContext): readonly InferredOutput[] {
  const inputs = allAxes(context.inputCount);
  requireRankAtLeast(context, 0, 1);
  const dtype = requireSameDType(context, inputs);
  const types = inputs.map((index) => context.input(index).dims);
  const [first = []] = types;
  const axis = context.axis(context.int('axis'), first.length);
  const dims = types.slice(1).reduce((joined, next) => {
    if (next.length !== joined.length) {
      context.fail(`joins ${formatDims(joined)} with ${formatDims(next)}`);
    }
    return joined.map((dim, i) => {
      const other = dimAt(context, next, i);
      return i === axis
        ? addDims(dim, other)
        : requireSameDim(context, dim, other, `dims of axis ${i}`);
    });
  }, first);
  return [outputOf(dtype, dims, concatElements(context, dims, axis))];
}

function concatElements(
  context: InferContext,
  dims: readonly Dim[],
  axis: number,
): Elements | undefined {
  const sources: ((index: Index) => Dim | undefined)[] = [];
  const starts: number[] = [];
  let length = 0;
  for (let input = 0; input < context.inputCount; input++) {
    const type = context.input(input).dims;
    const read = elementReader(context.elements(input), type);
    const size = type[axis];
    if (read === undefined || size === undefined || !isBound(size)) return undefined;
    sources.push(read);
    starts.push(length);
    length += size;
  }
  return buildElements(dims, (index) => {
    const at = index[axis] ?? 0;
    const input = starts.findLastIndex((start) => start <= at);
    return sources[input]?.(index.with(axis, at - (starts[input] ?? 0)));
  });
}

function splitOutputs(context: InferContext): readonly InferredOutput[] {
  const { dtype, dims } = context.input(0);
  const axis = context.axis(context.int('axis'), dims.length);
  const parts = partLengths(context, dimAt(context, dims, axis));
  let start: number | undefined = 0;
  return parts.map((length) => {
    const from = start;
    start = from !== undefined && isBound(length) ? from + length : undefined;
    const part = dims.with(axis, length);
    if (from === undefined) return { dtype, dims: part };
    const source = (index: Index) => index.with(axis, (index[axis] ?? 0) + from);
    return outputOf(dtype, part, movedElements(context, part, source));
  });
}

/** The length of each part along the axis that is split. */
function partLengths(context: InferContext, size: Dim): readonly Dim[] {
  const count = context.optionalInt('num_outputs') ?? context.outputCount;
  if (context.has(1)) {
    const lengths = dimsOperand(context, 1);
    if (lengths === undefined || context.elements(1) === undefined) {
      return Array.from({ length: context.outputCount }, (_, i) => context.unknownDim(`part${i}`));
    }
    if (lengths.length !== context.outputCount) {
      context.fail(`has ${context.outputCount} outputs for ${lengths.length} lengths`);
    }
    requireSameDim(context, lengths.reduce(addDims, 0), size, 'lengths and the dim that is split');
    return lengths;
  }
  if (count !== context.outputCount || count < 1) {
    context.fail(`has ${context.outputCount} outputs where num_outputs is ${count}`);
  }
  const part = floorDivDims(addDims(size, count - 1), count);
  const last = addDims(size, mulDims(part, 1 - count));
  if (isBound(last) && last < 0)
    context.fail(`cannot split ${formatDim(size)} into ${count} parts`);
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? last : part));
}
