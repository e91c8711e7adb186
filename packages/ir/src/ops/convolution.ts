/**
 * Convolutions of any number of spatial axes: X is [N, C, ...spatial], W is [M, C / group,
 * ...kernel], and W of a transposed convolution is [C, M / group, ...kernel].
 */

import {
  addDims,
  type Dim,
  formatDim,
  formatDims,
  isBound,
  modDims,
  mulDims,
  subDims,
} from '../dim.js';
import type { InferContext, OpRecord } from '../op-record.js';

import {
  dimAt,
  requireDType,
  requireRank,
  requireRankAtLeast,
  requireSameDim,
  requireSameDType,
} from './checks.js';
import { checkEpilogue, epilogueAttributes } from './epilogue.js';
import { formals, int, ints, string } from './signature.js';
import { extentOf, nonNegatives, positives, slideWindow, windowAttributes } from './window.js';

export const convAttributes = {
  auto_pad: string('NOTSET'),
  dilations: ints(),
  group: int(1),
  kernel_shape: ints(),
  pads: ints(),
  strides: ints(),
};

export const convolutionOps: readonly OpRecord[] = [
  {
    name: 'Conv',
    since: 11,
    summary: 'convolution of X with W in groups of channels, plus bias B and residual R, activated',
    inputs: formals('X W B? R?'),
    outputs: formals('Y'),
    attributes: { ...convAttributes, ...epilogueAttributes },
    traits: { fusion: 'anchor', epilogue: true },
    infer: (context) => {
      const dtype = requireFloats(context, [0, 1, 2, 3]);
      const dims = convolvedDims(context, 1);
      requireBias(context, 2, dimAt(context, dims, 1));
      requireResidual(context, 3, dims);
      checkEpilogue(context);
      return [{ dtype, dims }];
    },
  },
  {
    name: 'ConvTranspose',
    since: 11,
    summary: 'transposed convolution of X with W in groups of channels, plus bias B, activated',
    inputs: formals('X W B?'),
    outputs: formals('Y'),
    attributes: {
      ...convAttributes,
      output_padding: ints(),
      output_shape: ints(),
      ...epilogueAttributes,
    },
    traits: { fusion: 'anchor', epilogue: true },
    infer: (context) => {
      const dtype = requireFloats(context, [0, 1, 2]);
      const { x, w, kernel, group } = operands(context);
      const inputChannels = dimAt(context, w, 0);
      requireSameDim(context, dimAt(context, x, 1), inputChannels, 'input channels of X and W');
      requireDivisible(context, inputChannels, group, 'input channels');
      const channels = mulDims(dimAt(context, w, 1), group);
      requireBias(context, 2, channels);
      const spatial = transposedDims(context, x.slice(2), kernel);
      checkEpilogue(context);
      return [{ dtype, dims: [dimAt(context, x, 0), channels, ...spatial] }];
    },
  },
];

/** The dims of a convolution of input 0 with the filters that are another input, all of it checked. */
export function convolvedDims(context: InferContext, filter: number): readonly Dim[] {
  const { x, w, kernel, group } = operands(context, filter);
  requireSameDim(
    context,
    dimAt(context, x, 1),
    mulDims(dimAt(context, w, 1), group),
    'input channels of X and W',
  );
  const channels = dimAt(context, w, 0);
  requireDivisible(context, channels, group, 'output channels');
  const window = windowAttributes(context, kernel.length);
  const spatial = slideWindow(context, x.slice(2), kernel, window, false);
  return [dimAt(context, x, 0), channels, ...spatial];
}

interface Operands {
  readonly x: readonly Dim[];
  readonly w: readonly Dim[];
  readonly kernel: readonly Dim[];
  readonly group: number;
}

function operands(context: InferContext, filter = 1): Operands {
  const x = requireRankAtLeast(context, 0, 3);
  const w = requireRank(context, filter, x.length);
  const group = context.int('group');
  if (!Number.isSafeInteger(group) || group < 1) context.fail(`has group ${group}`);
  const written = positives(context, 'kernel_shape', x.length - 2);
  const kernel = w
    .slice(2)
    .map((dim, axis) =>
      requireSameDim(context, dim, written?.[axis] ?? dim, 'kernel dims of kernel_shape and W'),
    );
  return { x, w, kernel, group };
}

function requireFloats(context: InferContext, indices: readonly number[]) {
  requireDType(context, 0, 'float');
  return requireSameDType(context, indices);
}

function requireDivisible(context: InferContext, channels: Dim, group: number, what: string): void {
  const rest = modDims(channels, group);
  if (isBound(rest) && rest !== 0) {
    context.fail(`has ${formatDim(channels)} ${what}, which ${group} groups do not divide`);
  }
}

/** A bias has one number for each output channel. */
export function requireBias(context: InferContext, input: number, channels: Dim): void {
  if (!context.has(input)) return;
  const [length = channels] = requireRank(context, input, 1);
  requireSameDim(context, length, channels, 'bias length and output channels');
}

/** The residual is added element by element: it does not broadcast. */
export function requireResidual(context: InferContext, input: number, dims: readonly Dim[]): void {
  if (!context.has(input)) return;
  const residual = requireRank(context, input, dims.length);
  residual.forEach((dim, axis) => {
    requireSameDim(context, dim, dimAt(context, dims, axis), `dims of output and residual`);
  });
}

function transposedDims(
  context: InferContext,
  input: readonly Dim[],
  kernel: readonly Dim[],
): readonly Dim[] {
  const rank = input.length;
  const wanted = positives(context, 'output_shape', rank);
  const extra = nonNegatives(context, 'output_padding', rank);
  const { strides, dilations, pads, autoPad } = windowAttributes(context, rank);
  if (wanted !== undefined) return wanted;
  return input.map((size, axis) => {
    const stride = strides[axis] ?? 1;
    if (autoPad === 'SAME_UPPER' || autoPad === 'SAME_LOWER') return mulDims(size, stride);
    const extent = extentOf(dimAt(context, kernel, axis), dilations[axis] ?? 1);
    const full = addDims(mulDims(subDims(size, 1), stride), extent);
    const padded = autoPad === 'VALID' ? 0 : (pads[axis] ?? 0) + (pads[axis + rank] ?? 0);
    const output = addDims(full, (extra?.[axis] ?? 0) - padded);
    if (isBound(output) && output < 1) {
      context.fail(`has pads that leave nothing of spatial axis ${axis} of ${formatDims(input)}`);
    }
    return output;
  });
}
