/**
 * Slice: starts, ends, axes and steps as inputs. Bounds count from the end where negative and are
 * clamped to the axis, so that a bound beyond it means all of it.
 */

import {
  addDims,
  ceilDivDims,
  type Dim,
  dimEquals,
  isBound,
  maxDims,
  minDims,
  subDims,
} from '../dim.js';
import type { InferContext, InferredOutput, OpRecord } from '../op-record.js';
import { requireAxes } from './checks.js';
import { isNonNegative } from './element-arithmetic.js';
import { buildElements, elementReader, outputOf } from './known-elements.js';
import { allAxes, operandLength, unknownDims } from './shape-operands.js';
import { formals } from './signature.js';

export const sliceOps: readonly OpRecord[] = [
  {
    name: 'Slice',
    since: 13,
    summary: 'along each of `axes`, the elements from starts up to ends, exclusive, by steps',
    inputs: formals('data starts ends axes? steps?'),
    outputs: formals('output'),
    attributes: {},
    traits: { fusion: 'view' },
    infer: slicedOutput,
  },
];

/** What is sliced along one axis; undefined where it is not known. */
interface AxisSlice {
  readonly start: Dim | undefined;
  readonly end: Dim | undefined;
  readonly step: number | undefined;
}

function slicedOutput(context: InferContext): readonly InferredOutput[] {
  const { dtype, dims } = context.input(0);
  const slices = slicesByAxis(context, dims.length);
  if (slices === undefined) return [{ dtype, dims: unknownDims(context, dims.length) }];
  const sliced = dims.map((dim, axis) => {
    const slice = slices.get(axis);
    return slice === undefined ? dim : (slicedDim(dim, slice) ?? context.unknownDim(axis));
  });
  const read = elementReader(context.elements(0), dims);
  if (read === undefined) return [{ dtype, dims: sliced }];
  const origins = dims.map((dim, axis) => slicedOrigin(dim, slices.get(axis)));
  const elements = buildElements(sliced, (index) => {
    const source = index.map((at, axis) => {
      const start = origins[axis];
      return start === undefined ? -1 : start + at * (slices.get(axis)?.step ?? 1);
    });
    return source.some((at) => at < 0) ? undefined : read(source);
  });
  return [outputOf(dtype, sliced, elements)];
}

function slicesByAxis(
  context: InferContext,
  rank: number,
): ReadonlyMap<number, AxisSlice> | undefined {
  const count = operandLength(context, 1);
  const lengths = [2, 3, 4].filter(context.has).map((index) => operandLength(context, index));
  if (count === undefined) return undefined;
  if (lengths.some((length) => length !== undefined && length !== count)) {
    context.fail('has starts, ends, axes and steps of different lengths');
  }
  const written = context.has(3) ? context.numbers(3) : allAxes(count);
  if (written === undefined || written.length !== count) return undefined;
  const steps = context.has(4) ? context.numbers(4) : allAxes(count).map(() => 1);
  if (steps?.includes(0)) context.fail('has a step of 0');
  const starts = context.elements(1);
  const ends = context.elements(2);
  return new Map(
    requireAxes(context, written, rank).map((axis, i) => [
      axis,
      { start: starts?.[i], end: ends?.[i], step: steps?.[i] },
    ]),
  );
}

function slicedDim(size: Dim, { start, end, step }: AxisSlice): Dim | undefined {
  if (start === undefined || end === undefined || step === undefined) return undefined;
  return step > 0 ? forwardDim(size, start, end, step) : backwardDim(size, start, end, step);
}

function forwardDim(size: Dim, start: Dim, end: Dim, step: number): Dim | undefined {
  const from = forwardBound(start, size);
  const to = forwardBound(end, size);
  if (from === undefined || to === undefined) return undefined;
  const span = subtractBounds(to, from, size);
  return ceilDivDims(isNonNegative(span) ? span : maxDims(span, 0), step);
}

/**
 * A bound, to be clamped to [0, size]: so far from the front, or so far from the back. They are kept
 * apart until the difference is taken, which makes it simple where the size is symbolic.
 */
type Bound =
  | { readonly kind: 'front'; readonly offset: Dim }
  | { readonly kind: 'back'; readonly distance: number };

function forwardBound(bound: Dim, size: Dim): Bound | undefined {
  if (isBound(bound) && bound < 0) return { kind: 'back', distance: -bound };
  if (dimEquals(bound, size) || (isBound(bound) && bound >= beyondAnySize)) {
    return { kind: 'back', distance: 0 };
  }
  return isNonNegative(bound) ? { kind: 'front', offset: bound } : undefined;
}

/** Bounds from here on are written to mean "to the end". */
const beyondAnySize = 2 ** 31 - 1;

/** `to - from` after clamping, before a negative span becomes 0. */
function subtractBounds(to: Bound, from: Bound, size: Dim): Dim {
  if (to.kind === 'front') {
    if (from.kind === 'front') return subDims(clampFront(to.offset, size), from.offset);
    return subDims(clampFront(to.offset, size), clampBack(from.distance, size));
  }
  if (from.kind === 'front') return subDims(subDims(size, to.distance), from.offset);
  if (to.distance === 0) return minDims(size, from.distance);
  return subDims(clampBack(to.distance, size), clampBack(from.distance, size));
}

function clampFront(offset: Dim, size: Dim): Dim {
  return minDims(offset, size);
}

function clampBack(distance: number, size: Dim): Dim {
  return distance === 0 ? size : maxDims(addDims(size, -distance), 0);
}

function backwardDim(size: Dim, start: Dim, end: Dim, step: number): Dim | undefined {
  if (!isBound(start) || !isBound(end)) return undefined;
  if (isBound(size)) {
    const from = backwardStart(start, size);
    const to = Math.min(Math.max(fromFront(end, size), -1), size - 1);
    return Math.max(0, Math.ceil((from - to) / -step));
  }
  const all = (start === -1 || start >= beyondAnySize) && end <= -beyondAnySize;
  return all ? ceilDivDims(size, -step) : undefined;
}

/** The index that a walk backwards starts at; -1 where the axis is empty. */
function backwardStart(start: number, size: number): number {
  return Math.min(Math.max(fromFront(start, size), 0), size - 1);
}

function fromFront(bound: number, size: number): number {
  return bound < 0 ? bound + size : bound;
}

/** The index of the first element that a slice takes of an axis of known size. */
function slicedOrigin(size: Dim, slice: AxisSlice | undefined): number | undefined {
  if (slice === undefined) return 0;
  const { start, step } = slice;
  if (start === undefined || step === undefined || !isBound(size) || !isBound(start)) {
    return undefined;
  }
  if (step < 0) return backwardStart(start, size);
  return Math.min(Math.max(fromFront(start, size), 0), size);
}
