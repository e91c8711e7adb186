/**
 * Resize: spatial dims by `scales` or to `sizes`, of all axes or of `axes`.
 */

import { type Dim, floorDivDims, isBound, mulDims } from '../dim.js';
import type { InferContext, OpRecord } from '../op-record.js';
import { numbersOf } from '../tensor.js';
import { dimAt, requireAxes, requireOneOf } from './checks.js';
import { elementsOfInput } from './known-elements.js';
import { allAxes, dimsOperand } from './shape-operands.js';
import { float, formals, int, ints, string } from './signature.js';

export const resizeOps: readonly OpRecord[] = [
  {
    name: 'Resize',
    since: 19,
    summary: 'the input resampled to other dims by nearest, linear or cubic interpolation',
    inputs: formals('X roi? scales? sizes?'),
    outputs: formals('Y'),
    attributes: {
      antialias: int(0),
      axes: ints(),
      coordinate_transformation_mode: string('half_pixel'),
      cubic_coeff_a: float(-0.75),
      exclude_outside: int(0),
      extrapolation_value: float(0),
      keep_aspect_ratio_policy: string('stretch'),
      mode: string('nearest'),
      nearest_mode: string('round_prefer_floor'),
    },
    // Interpolation reads a window of the input; the nearest mode alone would be injective.
    traits: { fusion: 'reduction' },
    infer: (context) => [{ dtype: context.input(0).dtype, dims: resizedDims(context) }],
  },
];

const transformations = [
  'half_pixel',
  'half_pixel_symmetric',
  'pytorch_half_pixel',
  'align_corners',
  'asymmetric',
  'tf_half_pixel_for_nn',
  'tf_crop_and_resize',
] as const;

const nearestModes = ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'] as const;

const policies = ['stretch', 'not_larger', 'not_smaller'] as const;

function resizedDims(context: InferContext): readonly Dim[] {
  const { dims } = context.input(0);
  requireOneOf(context, 'mode', ['nearest', 'linear', 'cubic']);
  requireOneOf(context, 'nearest_mode', nearestModes);
  requireOneOf(context, 'coordinate_transformation_mode', transformations);
  const axes = requireAxes(
    context,
    context.optionalInts('axes') ?? allAxes(dims.length),
    dims.length,
  );
  const byScales = isGiven(context, 2);
  if (byScales === isGiven(context, 3)) context.fail('needs either scales or sizes');
  const resized = byScales ? scaledDims(context, axes) : sizedDims(context, axes);
  return dims.map((dim, axis) => {
    const at = axes.indexOf(axis);
    return at < 0 ? dim : dimAt(context, resized, at);
  });
}

/** An empty tensor is how older models leave an input out. */
function isGiven(context: InferContext, index: number): boolean {
  return context.has(index) && context.input(index).dims[0] !== 0;
}

function scaledDims(context: InferContext, axes: readonly number[]): readonly Dim[] {
  const { dims } = context.input(0);
  const scales = elementsOfInput(context, 2);
  if (scales === undefined) return axes.map((axis) => context.unknownDim(axis));
  if (scales.length !== axes.length)
    context.fail(`has ${scales.length} scales for ${axes.length} axes`);
  return axes.map((axis, i) => {
    const scale = scales[i] ?? 1;
    if (isBound(scale) && !(scale > 0)) context.fail(`has the scale ${scale}`);
    const kept = keptShare(context, i, axes.length);
    const factor = kept === 1 || kept === undefined || !isBound(scale) ? scale : scale * kept;
    if (kept === undefined) return context.unknownDim(axis);
    return scaledDim(dimAt(context, dims, axis), factor) ?? context.unknownDim(axis);
  });
}

/** `floor(size * scale)`, in single precision as published results have it. */
function scaledDim(size: Dim, scale: Dim): Dim | undefined {
  if (!isBound(scale)) return undefined;
  if (isBound(size)) return Math.floor(Math.fround(Math.fround(size) * Math.fround(scale)));
  if (Number.isInteger(scale)) return mulDims(size, scale);
  return Number.isInteger(1 / scale) ? floorDivDims(size, 1 / scale) : undefined;
}

/** The share of an axis that the region of interest keeps: 1 unless the mode crops. */
function keptShare(context: InferContext, at: number, count: number): number | undefined {
  if (context.string('coordinate_transformation_mode') !== 'tf_crop_and_resize') return 1;
  const roi = context.constant(1);
  if (roi === undefined || roi.dims[0] !== 2 * count || roi.dtype === 'string') return undefined;
  const bounds = numbersOf(roi);
  return (bounds[at + count] ?? 1) - (bounds[at] ?? 0);
}

function sizedDims(context: InferContext, axes: readonly number[]): readonly Dim[] {
  const { dims } = context.input(0);
  const policy = requireOneOf(context, 'keep_aspect_ratio_policy', policies);
  const sizes = dimsOperand(context, 3);
  if (sizes === undefined) return axes.map((axis) => context.unknownDim(axis));
  if (sizes.length !== axes.length)
    context.fail(`has ${sizes.length} sizes for ${axes.length} axes`);
  if (policy === 'stretch') return sizes;
  const originals = axes.map((axis) => dimAt(context, dims, axis));
  const ratios = originals.map((dim, i) => {
    const size = sizes[i] ?? dim;
    return isBound(dim) && isBound(size) ? size / dim : undefined;
  });
  if (!ratios.every((ratio) => ratio !== undefined))
    return axes.map((axis) => context.unknownDim(axis));
  const ratio = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios);
  return originals.map((dim, i) =>
    isBound(dim) ? Math.floor(dim * ratio + 0.5) : (sizes[i] ?? dim),
  );
}
