/**
 * Ops that move elements by a rule that is the same for every run: permutations, padding and
 * repetitions. Known elements move with them.
 */

import { addDims, type Dim, floorDivDims, formatDims, isBound, modDims, mulDims } from '../dim.js';
import type { InferContext, OpRecord } from '../op-record.js';
import { broadcastDims } from './broadcast.js';
import { dimAt, requireAxes, requireOneOf, requireRank, requireSameDType } from './checks.js';
import { type Index, movedElements, outputOf } from './known-elements.js';
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
    since: 19,
    summary: 'the input with elements put around it, or cut away where pads are negative',
    inputs: formals('data pads constant_value? axes?'),
    outputs: formals('output'),
    attributes: { mode: string('constant') },
    traits: { fusion: 'injective' },
    infer: (context) => [{ dtype: requireSameDType(context, [0, 2]), dims: paddedDims(context) }],
  },
];

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
