/**
 * Ops that sample images at computed places, take them apart or put them together. X is
 * [N, C, ...spatial].
 */

import { type Dim, floorDivDims, formatDims, isBound, modDims, mulDims } from '../dim.js';
import type { InferContext, OpRecord } from '../op-record.js';
import {
  dimAt,
  requireAxes,
  requireDType,
  requireOneOf,
  requireRank,
  requireRankAtLeast,
  requireSameDim,
  requireSameDType,
} from './checks.js';
import { allAxes, dimsOperand } from './shape-operands.js';
import { float, formals, int, ints, required, string } from './signature.js';
import { nonNegatives, positives } from './window.js';

export const visionOps: readonly OpRecord[] = [
  {
    name: 'GridSample',
    since: 20,
    summary: 'X sampled at the places that grid holds, in fractions of X from -1 to 1',
    inputs: formals('X grid'),
    outputs: formals('Y'),
    attributes: { align_corners: int(0), mode: string('linear'), padding_mode: string('zeros') },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      const x = requireRankAtLeast(context, 0, 3);
      const grid = requireRank(context, 1, x.length);
      requireDType(context, 1, 'float');
      requireOneOf(context, 'mode', ['linear', 'nearest', 'cubic']);
      requireOneOf(context, 'padding_mode', ['zeros', 'border', 'reflection']);
      const batch = requireSameDim(
        context,
        dimAt(context, x, 0),
        dimAt(context, grid, 0),
        'batches',
      );
      requireSameDim(context, grid.at(-1) ?? 0, x.length - 2, 'spatial axes of X and grid');
      const dims = [batch, dimAt(context, x, 1), ...grid.slice(1, -1)];
      return [{ dtype: context.input(0).dtype, dims }];
    },
  },
  {
    name: 'AffineGrid',
    since: 20,
    summary: 'the places of a grid of the given dims under an affine map, for GridSample',
    inputs: formals('theta size'),
    outputs: formals('grid'),
    attributes: { align_corners: int(0) },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      const dtype = requireDType(context, 0, 'float');
      const [batch = 1, rows = 0, columns = 0] = requireRank(context, 0, 3);
      const size = dimsOperand(context, 1);
      if (size === undefined) return undefined;
      const [images = 1, , ...spatial] = size;
      if (spatial.length < 2 || spatial.length > 3) {
        context.fail(`has the size ${formatDims(size)}, which is of neither images nor volumes`);
      }
      requireSameDim(context, rows, spatial.length, 'rows of theta and spatial axes');
      requireSameDim(context, columns, spatial.length + 1, 'columns of theta and spatial axes');
      const dims = [requireSameDim(context, images, batch, 'batches'), ...spatial, spatial.length];
      return [{ dtype, dims }];
    },
  },
  {
    name: 'RoiAlign',
    since: 16,
    summary: 'regions of X pooled to one size, each bin from samples between pixels',
    inputs: formals('X rois batch_indices'),
    outputs: formals('Y'),
    attributes: {
      coordinate_transformation_mode: string('half_pixel'),
      mode: string('avg'),
      output_height: int(1),
      output_width: int(1),
      sampling_ratio: int(0),
      spatial_scale: float(1),
    },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      requireDType(context, 0, 'float');
      const dtype = requireSameDType(context, [0, 1]);
      const [, channels = 0] = requireRank(context, 0, 4);
      const [regions = 0, corners = 0] = requireRank(context, 1, 2);
      const [count = 0] = requireRank(context, 2, 1);
      requireDType(context, 2, 'index');
      requireOneOf(context, 'mode', ['avg', 'max']);
      requireOneOf(context, 'coordinate_transformation_mode', ['half_pixel', 'output_half_pixel']);
      requireSameDim(context, corners, 4, 'coordinates of a region');
      const height = context.int('output_height');
      const width = context.int('output_width');
      if (height < 1 || width < 1) context.fail(`gives regions of ${height} × ${width}`);
      const rows = requireSameDim(context, regions, count, 'numbers of regions');
      return [{ dtype, dims: [rows, channels, height, width] }];
    },
  },
  {
    name: 'MaxRoiPool',
    since: 1,
    summary: 'the largest elements in the bins of regions of X, cut at whole pixels',
    inputs: formals('X rois'),
    outputs: formals('Y'),
    attributes: { pooled_shape: required(ints()), spatial_scale: float(1) },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      requireDType(context, 0, 'float');
      const dtype = requireSameDType(context, [0, 1]);
      const [, channels = 0] = requireRank(context, 0, 4);
      const [regions = 0, numbers = 0] = requireRank(context, 1, 2);
      requireSameDim(context, numbers, 5, 'numbers of a region');
      const bins = positives(context, 'pooled_shape', 2) ?? context.fail('lacks its pooled_shape');
      return [{ dtype, dims: [regions, channels, ...bins] }];
    },
  },
  {
    name: 'Col2Im',
    since: 18,
    summary: 'an image of blocks laid out as columns, added where they overlap',
    inputs: formals('input image_shape block_shape'),
    outputs: formals('output'),
    attributes: { dilations: ints(), pads: ints(), strides: ints() },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      const dtype = requireDType(context, 0, 'number');
      const [batch = 1, rows = 1] = requireRank(context, 0, 3);
      const image = dimsOperand(context, 1);
      const block = dimsOperand(context, 2);
      if (image === undefined || block === undefined) return undefined;
      if (image.length !== block.length) {
        context.fail(`has blocks ${formatDims(block)} of an image ${formatDims(image)}`);
      }
      positives(context, 'strides', image.length);
      positives(context, 'dilations', image.length);
      nonNegatives(context, 'pads', 2 * image.length);
      const area = block.reduce<Dim>(mulDims, 1);
      const rest = area === 0 ? 1 : modDims(rows, area);
      if (isBound(rest) && rest !== 0) {
        context.fail(`has columns of ${formatDims([rows])} for blocks ${formatDims(block)}`);
      }
      return [{ dtype, dims: [batch, floorDivDims(rows, area), ...image] }];
    },
  },
  {
    name: 'CenterCropPad',
    since: 18,
    summary: 'the middle of the input, cropped or padded with zeros to the given dims',
    inputs: formals('input_data shape'),
    outputs: formals('output_data'),
    attributes: { axes: ints() },
    traits: { fusion: 'injective' },
    infer: (context) => {
      const { dtype, dims } = context.input(0);
      const axes = requireAxes(
        context,
        context.optionalInts('axes') ?? allAxes(dims.length),
        dims.length,
      );
      const wanted = dimsOperand(context, 1);
      if (wanted !== undefined && wanted.length !== axes.length) {
        context.fail(`has the shape ${formatDims(wanted)} for ${axes.length} axes`);
      }
      const cropped = dims.map((dim, axis) => {
        const at = axes.indexOf(axis);
        return at < 0 ? dim : (wanted?.[at] ?? context.unknownDim(axis));
      });
      return [{ dtype, dims: cropped }];
    },
  },
  {
    name: 'Det',
    since: 11,
    summary: 'the determinants of the matrices in the last two axes',
    inputs: formals('X'),
    outputs: formals('Y'),
    attributes: {},
    traits: { fusion: 'opaque' },
    infer: (context: InferContext) => {
      const dtype = requireDType(context, 0, 'float');
      const dims = requireRankAtLeast(context, 0, 2);
      const [rows = 0, columns = 0] = dims.slice(-2);
      requireSameDim(context, rows, columns, 'rows and columns');
      return [{ dtype, dims: dims.slice(0, -2) }];
    },
  },
];
