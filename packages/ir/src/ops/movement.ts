/**
 * Ops that move elements by a rule that is the same for every run: slices, joins, permutations and
 * repetitions. Known elements move with them.
 */

import { addDims, type Dim, floorDivDims, formatDims, isBound, modDims, mulDims } from '../dim.js';
import type { InferContext, InferredOutput, OpRecord } from '../op-record.js';
import { broadcastDims } from './broadcast.js';
import {
  dimAt,
  requireAxes,
  requireOneOf,
  requireRank,
  requireSameDim,
  requireSameDType,
} from './checks.js';
import {
  buildElements,
  type Elements,
  elementReader,
  type Index,
  outputOf,
} from './known-elements.js';
import { allAxes, axesOperand, dimsOperand, unknownDims } from './shape-operands.js';
import { formals, int, ints, required, string } from './signature.js';

export const movementOps: readonly OpRecord[] = [
  {
    name: 'Transpose',
    since: 13,
    summary: 'the axes in the order `perm`, or reversed',
    inputs: formals('data'),
    outputs: formals('transposed'),
    attributes: { perm: ints() },
    traits: { fusion: 'view' },
    infer: (context) => {
      const { dtype, dims } = context.input(0);
      const perm = context.optionalInts('perm') ?? allAxes(dims.length).toReversed();
      if (perm.length !== dims.length || perm.some((axis) => axis < 0)) {
        context.fail(`has perm [${perm.join(',')}] for ${formatDims(dims)}`);
      }
      requireAxes(context, perm, dims.length);
      const permuted = perm.map((axis) => dimAt(context, dims, axis));
      const source = (index: Index) =>
        allAxes(dims.length).map((axis) => index[perm.indexOf(axis)] ?? 0);
      return [outputOf(dtype, permuted, movedElements(context, permuted, source))];
    },
  },
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
  {
    name: 'Expand',
    since: 13,
    summary: 'the input broadcast with a shape',
    inputs: formals('input shape'),
    outputs: formals('output'),
    attributes: {},
    traits: { fusion: 'view' },
    infer: (context) => {
      const { dtype, dims } = context.input(0);
      const shape = dimsOperand(context, 1);
      if (shape === undefined) return undefined;
      // An entry that is not known may be 1 and leave a dim alone, so it says nothing of that dim.
      const expanded =
        context.elements(1) === undefined
          ? unknownDims(context, Math.max(dims.length, shape.length))
          : broadcastDims(context, [dims, shape]);
      return [
        outputOf(
          dtype,
          expanded,
          movedElements(context, expanded, (index) => index),
        ),
      ];
    },
  },
  {
    name: 'Tile',
    since: 13,
    summary: 'the input repeated along each axis',
    inputs: formals('input repeats'),
    outputs: formals('output'),
    attributes: {},
    traits: { fusion: 'injective' },
    infer: (context) => {
      const { dtype, dims } = context.input(0);
      const repeats = dimsOperand(context, 1);
      const known = context.elements(1) !== undefined;
      if (repeats !== undefined && repeats.length !== dims.length) {
        context.fail(`has ${repeats.length} repeats for ${formatDims(dims)}`);
      }
      const tiled = dims.map((dim, axis) => {
        const count = known ? repeats?.[axis] : undefined;
        return count === undefined ? context.unknownDim(axis) : mulDims(dim, count);
      });
      const source = (index: Index) =>
        index.map((at, axis) => {
          const size = dims[axis];
          return size !== undefined && isBound(size) ? at % size : 0;
        });
      return [outputOf(dtype, tiled, movedElements(context, tiled, source))];
    },
  },
  {
    name: 'DepthToSpace',
    since: 13,
    summary: 'channels laid out as blocks of pixels, [N, C * b * b, H, W] to [N, C, H * b, W * b]',
    inputs: formals('input'),
    outputs: formals('output'),
    attributes: { blocksize: required(int()), mode: string('DCR') },
    traits: { fusion: 'injective' },
    infer: (context) => {
      requireOneOf(context, 'mode', ['DCR', 'CRD']);
      const dims = requireRank(context, 0, 4);
      const [n = 1, c = 1, h = 1, w = 1] = dims;
      const b = blockSize(context);
      const channels = exactQuotient(context, c, b * b, 'channels');
      return [{ dtype: context.input(0).dtype, dims: [n, channels, mulDims(h, b), mulDims(w, b)] }];
    },
  },
  {
    name: 'SpaceToDepth',
    since: 13,
    summary: 'blocks of pixels laid out as channels, [N, C, H * b, W * b] to [N, C * b * b, H, W]',
    inputs: formals('input'),
    outputs: formals('output'),
    attributes: { blocksize: required(int()) },
    traits: { fusion: 'injective' },
    infer: (context) => {
      const [n = 1, c = 1, h = 1, w = 1] = requireRank(context, 0, 4);
      const b = blockSize(context);
      const rows = exactQuotient(context, h, b, 'rows');
      const columns = exactQuotient(context, w, b, 'columns');
      return [{ dtype: context.input(0).dtype, dims: [n, mulDims(c, b * b), rows, columns] }];
    },
  },
  {
    name: 'Pad',
    since: 21,
    summary: 'the input with elements put around it, or cut away where pads are negative',
    inputs: formals('data pads constant_value? axes?'),
    outputs: formals('output'),
    attributes: { mode: string('constant') },
    traits: { fusion: 'injective' },
    infer: (context) => [{ dtype: requireSameDType(context, [0, 2]), dims: paddedDims(context) }],
  },
];

/** The known elements of input 0 at the places that `source` gives for each output index. */
function movedElements(
  context: InferContext,
  dims: readonly Dim[],
  source: (index: Index) => Index,
): Elements | undefined {
  const read = elementReader(context.elements(0), context.input(0).dims);
  return read && buildElements(dims, (index) => read(source(index)));
}

function concatOutput(context: InferContext): readonly InferredOutput[] {
  const inputs = allAxes(context.inputCount);
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
  if (isBound(last) && last < 0) context.fail(`cannot split ${size} into ${count} parts`);
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? last : part));
}

function paddedDims(context: InferContext): readonly Dim[] {
  requireOneOf(context, 'mode', ['constant', 'reflect', 'edge', 'wrap']);
  const { dims } = context.input(0);
  if (context.has(2) && context.input(2).dims.length > 1) {
    context.fail('has a constant_value that is not a scalar');
  }
  const axes = axesOperand(context, 3, dims.length, allAxes(dims.length));
  const pads = context.elements(1);
  if (axes === undefined || pads === undefined) return unknownDims(context, dims.length);
  if (pads.length !== 2 * axes.length) {
    context.fail(`has ${pads.length} pads for ${axes.length} axes`);
  }
  return dims.map((dim, axis) => {
    const at = axes.indexOf(axis);
    if (at < 0) return dim;
    const padded = addDims(dim, addDims(pads[at] ?? 0, pads[at + axes.length] ?? 0));
    if (isBound(padded) && padded < 0) context.fail(`cuts away more than axis ${axis} has`);
    return padded;
  });
}

function blockSize(context: InferContext): number {
  const size = context.int('blocksize');
  return Number.isSafeInteger(size) && size > 0 ? size : context.fail(`has blocksize ${size}`);
}

function exactQuotient(context: InferContext, dim: Dim, divisor: number, what: string): Dim {
  const rest = modDims(dim, divisor);
  if (isBound(rest) && rest !== 0) context.fail(`has ${what} that ${divisor} does not divide`);
  return floorDivDims(dim, divisor);
}
