/** Filters in TensorFlow's layouts: what they must be like, and how they become ONNX's. */

import { type Dim, formatDim, formatDims, isBound } from '../dim.js';
import type { Value } from '../graph.js';
import { spatialAxes } from './data-format.js';
import { layOutFilter } from './filter-layout.js';
import { dimsDiffer, dimsOfOperand, type FormContext } from './form-context.js';

export interface Filter {
  /** [out, in / groups, ...kernel]. */
  readonly value: Value;
  readonly kernel: readonly Dim[];
  readonly groups: number;
}

/**
 * From [...kernel, in / groups, out], for an input of so many channels.
 * @throws {CompilerError} `E_INVALID_GRAPH` where it does not fit.
 */
export function groupedFilter(
  context: FormContext,
  filter: Value,
  channels: Dim,
  groups: number,
): Filter {
  const { spatialRank } = context;
  if (!Number.isSafeInteger(groups) || groups < 1) {
    context.fail(`has groups ${groups}`, 'It is a whole number above 0.');
  }
  const axes = [...spatialAxes[spatialRank], groups === 1 ? 'in' : 'in / groups', 'out'];
  const dims = filterDims(context, filter, axes);
  const [inputs = 1, outputs = 1] = dims.slice(spatialRank);
  if (isBound(inputs)) checkChannels(context, channels, inputs * groups, dims, axes);
  if (isBound(outputs) && outputs % groups !== 0) {
    context.fail(
      `has a filter ${formatDims(dims)} for ${outputs} channels out, which ${groups} groups do not divide`,
    );
  }
  const perm = [spatialRank + 1, spatialRank, ...Array(spatialRank).keys()];
  const value = layOutFilter(context, filter, perm);
  return { value, kernel: dims.slice(0, spatialRank), groups };
}

/**
 * From [in, out] or [...1, in, out].
 * @throws {CompilerError} `E_INVALID_GRAPH` where it does not fit.
 */
export function pointwiseFilter(context: FormContext, filter: Value, channels: Dim): Filter {
  const kernel = Array<number>(context.spatialRank).fill(1);
  if (filter.type?.dims.length === 2) {
    const axes = ['in', 'out'];
    const dims = filterDims(context, filter, axes);
    checkChannels(context, channels, dims[0], dims, axes);
    return { value: layOutFilter(context, filter, [1, 0], [0, 0, ...kernel]), kernel, groups: 1 };
  }
  const grouped = groupedFilter(context, filter, channels, 1);
  if (grouped.kernel.some((size) => size !== 1)) {
    context.fail(
      `takes a pointwise filter, [${[...kernel, 'in', 'out'].join(', ')}] or [in, out], not ${formatDims(filter.type?.dims ?? [])}`,
    );
  }
  return grouped;
}

/**
 * From [...kernel, in, multiplier]. Channel `k * multiplier + q` of the result is channel `k` of
 * the input under its filter `q`, which is the order that groups have in ONNX as well.
 * @throws {CompilerError} `E_INVALID_GRAPH` where it does not fit.
 */
export function depthwiseFilter(context: FormContext, filter: Value, channels: Dim): Filter {
  const { spatialRank } = context;
  const axes = [...spatialAxes[spatialRank], 'in', 'multiplier'];
  const dims = filterDims(context, filter, axes);
  const groups = dims[spatialRank] ?? 1;
  checkChannels(context, channels, groups, dims, axes);
  if (!isBound(groups)) {
    return context.fail(
      `takes a depthwise filter for a known number of channels, not ${formatDims(dims)}`,
      'Each channel is a group of its own, and their number is an attribute.',
    );
  }
  const kernel = dims.slice(0, spatialRank);
  const perm = [spatialRank, spatialRank + 1, ...kernel.keys()];
  const value = layOutFilter(context, filter, perm, [-1, 1, ...kernel.map(() => 0)]);
  return { value, kernel, groups };
}

function filterDims(context: FormContext, filter: Value, axes: readonly string[]): readonly Dim[] {
  const dims = dimsOfOperand(context, 'a filter', filter, axes);
  if (dims.includes(0)) context.fail(`has a filter ${formatDims(dims)}, which is empty`);
  return dims;
}

function checkChannels(
  context: FormContext,
  channels: Dim,
  wanted: Dim | undefined,
  filter: readonly Dim[],
  axes: readonly string[],
): void {
  if (wanted === undefined || !dimsDiffer(channels, wanted)) return;
  context.fail(
    `has ${formatDim(channels)} channels and a filter ${formatDims(filter)} for ${formatDim(wanted)}`,
    `The axes of the filter are [${axes.join(', ')}].`,
  );
}
