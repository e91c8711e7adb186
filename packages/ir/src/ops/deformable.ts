/**
 * Windows that go by other inputs: a convolution whose taps are moved, and the inverse of a pool. X is
 * [N, C, ...spatial].
 */

import { addDims, type Dim, formatDims, isBound, mulDims, productOfDims, subDims } from '../dim.js';
import type { InferContext, OpRecord } from '../op-record.js';
import {
  dimAt,
  requireDType,
  requireRank,
  requireRankAtLeast,
  requireSameDim,
  requireSameDType,
} from './checks.js';
import { requireBias } from './convolution.js';
import { dimsOperand } from './shape-operands.js';
import { formals, int, ints, required } from './signature.js';
import { explicitWindow, positives, slideWindow } from './window.js';

export const deformableOps: readonly OpRecord[] = [
  {
    name: 'DeformConv',
    since: 19,
    summary: 'convolution of X with W in groups, each tap moved by an offset and scaled by a mask',
    inputs: formals('X W offset B? mask?'),
    outputs: formals('Y'),
    attributes: {
      dilations: ints(),
      group: int(1),
      kernel_shape: ints(),
      offset_group: int(1),
      pads: ints(),
      strides: ints(),
    },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      requireDType(context, 0, 'float');
      const dtype = requireSameDType(context, [0, 1, 2, 3, 4]);
      return [{ dtype, dims: deformedDims(context) }];
    },
  },
  {
    name: 'MaxUnpool',
    since: 11,
    summary: 'a tensor of zeros with each element of X where MaxPool had found it',
    inputs: formals('X I output_shape?'),
    outputs: formals('output'),
    attributes: { kernel_shape: required(ints()), pads: ints(), strides: ints() },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      const dtype = requireDType(context, 0, 'float');
      requireDType(context, 1, 'index');
      const dims = requireRankAtLeast(context, 0, 3);
      const places = requireRank(context, 1, dims.length);
      places.forEach((dim, axis) => {
        requireSameDim(context, dim, dimAt(context, dims, axis), 'dims of X and I');
      });
      const unpooled = unpooledDims(context, dims);
      return unpooled && [{ dtype, dims: unpooled }];
    },
  },
];

function deformedDims(context: InferContext): readonly Dim[] {
  const x = requireRankAtLeast(context, 0, 3);
  const w = requireRank(context, 1, x.length);
  const offset = requireRank(context, 2, x.length);
  const [group, offsetGroup] = [context.int('group'), context.int('offset_group')];
  if (group < 1 || offsetGroup < 1) {
    context.fail(`has group ${group} and offset_group ${offsetGroup}`);
  }
  const spatial = x.length - 2;
  const written = positives(context, 'kernel_shape', spatial);
  const kernel = w
    .slice(2)
    .map((dim, axis) =>
      requireSameDim(context, dim, written?.[axis] ?? dim, 'kernel dims of kernel_shape and W'),
    );
  const filters = mulDims(dimAt(context, w, 1), group);
  requireSameDim(context, dimAt(context, x, 1), filters, 'input channels of X and W');
  for (const [channels, parts] of [
    [dimAt(context, x, 1), offsetGroup],
    [dimAt(context, w, 0), group],
  ] as const) {
    if (isBound(channels) && channels % parts !== 0) {
      context.fail(`has ${channels} channels, which ${parts} groups do not divide`);
    }
  }
  const slid = slideWindow(context, x.slice(2), kernel, explicitWindow(context, spatial), false);
  const taps = mulDims(productOfDims(kernel), offsetGroup);
  requireDims(context, 2, offset, [dimAt(context, x, 0), mulDims(taps, spatial), ...slid]);
  requireBias(context, 3, dimAt(context, w, 0));
  if (context.has(4)) {
    requireDims(context, 4, requireRank(context, 4, x.length), [
      dimAt(context, x, 0),
      taps,
      ...slid,
    ]);
  }
  return [dimAt(context, x, 0), dimAt(context, w, 0), ...slid];
}

function requireDims(
  context: InferContext,
  input: number,
  dims: readonly Dim[],
  expected: readonly Dim[],
): void {
  dims.forEach((dim, axis) => {
    requireSameDim(context, dim, dimAt(context, expected, axis), `dims of input ${input}`);
  });
}

/** What the window had slid over, unless `output_shape` says so. */
function unpooledDims(context: InferContext, dims: readonly Dim[]): readonly Dim[] | undefined {
  if (context.has(2)) {
    const wanted = dimsOperand(context, 2);
    if (wanted !== undefined && wanted.length !== dims.length) {
      context.fail(`has the output_shape ${formatDims(wanted)} for ${formatDims(dims)}`);
    }
    return wanted;
  }
  const rank = dims.length - 2;
  const kernel = positives(context, 'kernel_shape', rank) ?? context.fail('lacks its kernel_shape');
  const { strides, pads } = explicitWindow(context, rank);
  const spatial = dims.slice(2).map((dim, axis) => {
    const padding = (pads[axis] ?? 0) + (pads[axis + rank] ?? 0);
    const slid = mulDims(subDims(dim, 1), strides[axis] ?? 1);
    return addDims(slid, (kernel[axis] ?? 1) - padding);
  });
  return [...dims.slice(0, 2), ...spatial];
}
