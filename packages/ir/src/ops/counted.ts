/**
 * Ops of which the elements decide how many come out: what is not zero, chosen, unequal, or a box that no
 * better one covers. How many that is has a name of the op's own, and a bound.
 */

import {
  type Dim,
  dimEquals,
  formatDims,
  isBound,
  minDims,
  mulDims,
  productOfDims,
} from '../dim.js';
import type { InferContext, OpRecord } from '../op-record.js';
import { dimAt, requireDType, requireRank, requireRankAtLeast, requireSameDim } from './checks.js';
import { formals, int } from './signature.js';

/** What stands in the names of such sizes, behind the name of the output. */
const tag = 'count';

export const countedOps: readonly OpRecord[] = [
  {
    name: 'NonZero',
    since: 13,
    summary: 'the indices of the elements that are not 0, one column each',
    inputs: formals('X'),
    outputs: formals('Y'),
    attributes: {},
    traits: { fusion: 'opaque' },
    infer: (context) => [
      { dtype: 'int64', dims: [context.input(0).dims.length, context.unknownDim(tag)] },
    ],
    mostDims: (context) => {
      const { dims } = context.input(0);
      return [[dims.length, productOfDims(dims)]];
    },
  },
  {
    name: 'Compress',
    since: 11,
    summary: 'the slices along an axis, or the elements, for which the condition holds',
    inputs: formals('input condition'),
    outputs: formals('output'),
    attributes: { axis: int() },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      requireDType(context, 1, 'bool');
      requireRank(context, 1, 1);
      const { dtype } = context.input(0);
      const [given = 0] = context.input(1).dims;
      const most = axisLength(context);
      if (isBound(given) && isBound(most) && given > most) {
        context.fail(`has a condition of ${given} elements for ${most}`);
      }
      return [{ dtype, dims: alongAxis(context, context.unknownDim(tag)) }];
    },
  },
  {
    name: 'NonMaxSuppression',
    since: 11,
    summary:
      'the boxes of the best scores that overlap no better one: batch, class and box of each',
    inputs: formals('boxes scores max_output_boxes_per_class? iou_threshold? score_threshold?'),
    outputs: formals('selected_indices'),
    attributes: { center_point_box: int(0) },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      boxCounts(context);
      return [{ dtype: 'int64', dims: [context.unknownDim(tag), 3] }];
    },
    mostDims: (context) => {
      const { batches, classes, boxes } = boxCounts(context);
      const most = context.has(2) ? context.numbers(2)?.[0] : 0;
      const perClass = most === undefined ? boxes : minDims(Math.max(most, 0), boxes);
      return [[mulDims(mulDims(batches, classes), perClass), 3]];
    },
  },
  {
    name: 'Unique',
    since: 11,
    summary: 'the elements, or slices along an axis, that are not equal, and where they are',
    inputs: formals('X'),
    outputs: formals('Y indices? inverse_indices? counts?'),
    attributes: { axis: int(), sorted: int(1) },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      const count = context.unknownDim(tag);
      const dims = [alongAxis(context, count), [count], [axisLength(context)], [count]];
      const { dtype } = context.input(0);
      return dims.map((each, i) => ({ dtype: i === 0 ? dtype : 'int64', dims: each }));
    },
    mostDims: (context) => {
      const length = axisLength(context);
      return [alongAxis(context, length), [length], [length], [length]];
    },
  },
];

/** The dims of input 0 with another size along the axis; that size alone where there is no axis. */
function alongAxis(context: InferContext, size: Dim): readonly Dim[] {
  const axis = context.optionalInt('axis');
  if (axis === undefined) return [size];
  const dims = requireRankAtLeast(context, 0, 1);
  return dims.with(context.axis(axis, dims.length), size);
}

/** The size of input 0 along the axis; all its elements where there is no axis. */
function axisLength(context: InferContext): Dim {
  const { dims } = context.input(0);
  const axis = context.optionalInt('axis');
  return axis === undefined
    ? productOfDims(dims)
    : dimAt(context, dims, context.axis(axis, dims.length));
}

function boxCounts(context: InferContext): {
  readonly batches: Dim;
  readonly classes: Dim;
  readonly boxes: Dim;
} {
  requireDType(context, 0, 'float');
  requireDType(context, 1, 'float');
  if (context.has(2)) requireDType(context, 2, 'index');
  const boxes = requireRank(context, 0, 3);
  const [batches = 0, classes = 0, ofScores = 0] = requireRank(context, 1, 3);
  const [ofBoxes = 0, count = 0, corners = 4] = boxes;
  if (isBound(corners) && !dimEquals(corners, 4)) {
    context.fail(`takes boxes of four numbers, not ${formatDims(boxes)}`);
  }
  return {
    batches: requireSameDim(context, batches, ofBoxes, 'numbers of batches'),
    classes,
    boxes: requireSameDim(context, count, ofScores, 'numbers of boxes'),
  };
}
