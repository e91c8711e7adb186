/**
 * Ops that read or write at positions held in a tensor of indices.
 */

import { type Dim, formatDims, isBound } from '../dim.js';
import type { InferContext, OpRecord } from '../op-record.js';
import {
  dimAt,
  requireDType,
  requireOneOf,
  requireRankAtLeast,
  requireSameDim,
  requireSameDType,
} from './checks.js';
import { buildElements, type Elements, elementReader, outputOf } from './known-elements.js';
import { formals, int, string } from './signature.js';

const reductions = ['none', 'add', 'mul', 'max', 'min'] as const;

export const indexingOps: readonly OpRecord[] = [
  {
    name: 'Gather',
    since: 13,
    summary: 'the slices of data at indices along an axis',
    inputs: formals('data indices'),
    outputs: formals('output'),
    attributes: { axis: int(0) },
    traits: { fusion: 'injective' },
    infer: (context) => {
      const { dtype, dims } = context.input(0);
      requireRankAtLeast(context, 0, 1);
      requireDType(context, 1, 'index');
      const axis = context.axis(context.int('axis'), dims.length);
      const indices = context.input(1).dims;
      const gathered = [...dims.slice(0, axis), ...indices, ...dims.slice(axis + 1)];
      return [outputOf(dtype, gathered, gatheredElements(context, gathered, axis))];
    },
  },
  {
    name: 'GatherElements',
    since: 13,
    summary: 'for each index, the element of data at it along an axis, elsewhere in place',
    inputs: formals('data indices'),
    outputs: formals('output'),
    attributes: { axis: int(0) },
    traits: { fusion: 'injective' },
    infer: (context) => {
      const data = requireRankAtLeast(context, 0, 1);
      requireDType(context, 1, 'index');
      const indices = requireIndicesWithin(context, data);
      return [{ dtype: context.input(0).dtype, dims: indices }];
    },
  },
  {
    name: 'GatherND',
    since: 13,
    summary: 'the slices of data at the tuples in the last axis of indices',
    inputs: formals('data indices'),
    outputs: formals('output'),
    attributes: { batch_dims: int(0) },
    traits: { fusion: 'injective' },
    infer: (context) => {
      const data = requireRankAtLeast(context, 0, 1);
      const indices = requireRankAtLeast(context, 1, 1);
      requireDType(context, 1, 'index');
      const batch = context.int('batch_dims');
      if (batch < 0 || batch >= Math.min(data.length, indices.length)) {
        context.fail(`has batch_dims ${batch} for ${formatDims(data)} and ${formatDims(indices)}`);
      }
      for (let axis = 0; axis < batch; axis++) {
        requireSameDim(
          context,
          dimAt(context, data, axis),
          dimAt(context, indices, axis),
          'batch dims',
        );
      }
      const depth = tupleLength(context, indices, data.length - batch);
      if (depth === undefined) return undefined;
      return [
        {
          dtype: context.input(0).dtype,
          dims: [...indices.slice(0, -1), ...data.slice(batch + depth)],
        },
      ];
    },
  },
  {
    name: 'ScatterElements',
    since: 18,
    summary: 'data with each update written, or combined, at its index along an axis',
    inputs: formals('data indices updates'),
    outputs: formals('output'),
    attributes: { axis: int(0), reduction: string('none') },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      const data = requireRankAtLeast(context, 0, 1);
      requireDType(context, 1, 'index');
      requireOneOf(context, 'reduction', reductions);
      const indices = requireIndicesWithin(context, data);
      requireDims(context, 2, indices);
      return [{ dtype: requireSameDType(context, [0, 2]), dims: data }];
    },
  },
  {
    name: 'ScatterND',
    since: 18,
    summary: 'data with slices of updates written, or combined, at the tuples of indices',
    inputs: formals('data indices updates'),
    outputs: formals('output'),
    attributes: { reduction: string('none') },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      const data = requireRankAtLeast(context, 0, 1);
      const indices = requireRankAtLeast(context, 1, 1);
      requireDType(context, 1, 'index');
      requireOneOf(context, 'reduction', reductions);
      const depth = tupleLength(context, indices, data.length);
      if (depth !== undefined) {
        requireDims(context, 2, [...indices.slice(0, -1), ...data.slice(depth)]);
      }
      return [{ dtype: requireSameDType(context, [0, 2]), dims: data }];
    },
  },
];

function gatheredElements(
  context: InferContext,
  dims: readonly Dim[],
  axis: number,
): Elements | undefined {
  const data = context.input(0).dims;
  const read = elementReader(context.elements(0), data);
  const rank = context.input(1).dims.length;
  const place = elementReader(context.numbers(1), context.input(1).dims);
  const size = data[axis];
  if (read === undefined || place === undefined || size === undefined || !isBound(size)) {
    return undefined;
  }
  return buildElements(dims, (index) => {
    const written = place(index.slice(axis, axis + rank));
    if (written === undefined || !isBound(written)) return undefined;
    if (written < -size || written >= size) {
      context.fail(`has the index ${written} for an axis of ${size}`);
    }
    const at = written < 0 ? written + size : written;
    return read([...index.slice(0, axis), at, ...index.slice(axis + rank)]);
  });
}

/** The dims of the indices, which have the rank of data; away from the axis, none is larger. */
function requireIndicesWithin(context: InferContext, data: readonly Dim[]): readonly Dim[] {
  const { dims } = context.input(1);
  const axis = context.axis(context.int('axis'), data.length);
  const fits =
    dims.length === data.length &&
    dims.every((dim, i) => {
      const limit = dimAt(context, data, i);
      return i === axis || !isBound(dim) || !isBound(limit) || dim <= limit;
    });
  if (!fits) context.fail(`has indices ${formatDims(dims)} for data ${formatDims(data)}`);
  return dims;
}

/** The length of the index tuples, at most `most`; undefined where it is not known. */
function tupleLength(
  context: InferContext,
  indices: readonly Dim[],
  most: number,
): number | undefined {
  const length = dimAt(context, indices, indices.length - 1);
  if (!isBound(length)) return undefined;
  if (length < 1 || length > most) {
    context.fail(`has index tuples of ${length} for ${most} axes`);
  }
  return length;
}

function requireDims(context: InferContext, index: number, expected: readonly Dim[]): void {
  const { dims } = context.input(index);
  const agree =
    dims.length === expected.length &&
    dims.every((dim, axis) => {
      const other = dimAt(context, expected, axis);
      return !isBound(dim) || !isBound(other) || dim === other;
    });
  if (!agree) {
    context.fail(`takes ${formatDims(expected)} as input ${index}, not ${formatDims(dims)}`);
  }
}
