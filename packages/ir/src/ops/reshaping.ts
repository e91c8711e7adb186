/**
 * Ops that keep the elements and their order and change only the dims.
 */

import {
  allBound,
  type Dim,
  dimEquals,
  floorDivDims,
  formatDims,
  isBound,
  productOfDims,
} from '../dim.js';
import type { InferContext, OpRecord } from '../op-record.js';
import { dimAt, requireDType } from './checks.js';
import { isNonNegative } from './element-arithmetic.js';
import { outputOf } from './known-elements.js';
import { allAxes, axesOperand, operandLength, unknownDims } from './shape-operands.js';
import { formals, int } from './signature.js';

export const reshapingOps: readonly OpRecord[] = [
  reshaping('Identity', 16, 'the input', 'input', {}, (context) => context.input(0).dims),
  {
    name: 'Dropout',
    since: 13,
    summary: 'the input, as at inference; the mask is all true',
    inputs: formals('data ratio? training_mode?'),
    outputs: formals('output mask?'),
    attributes: { seed: int() },
    traits: { fusion: 'view' },
    infer: (context) => {
      const { dims } = context.input(0);
      return [
        { dtype: requireDType(context, 0, 'float'), dims },
        { dtype: 'bool', dims },
      ];
    },
  },
  reshaping(
    'Reshape',
    14,
    'the elements under new dims: 0 copies a dim unless allowzero, -1 takes what remains',
    'data shape',
    { allowzero: int(0) },
    reshapedDims,
  ),
  reshaping(
    'Flatten',
    13,
    'a matrix: the axes before `axis` make the rows, the others the columns',
    'input',
    { axis: int(1) },
    (context) => {
      const { dims } = context.input(0);
      const axis = context.int('axis');
      const split = axis === dims.length ? axis : context.axis(axis, dims.length);
      return [productOfDims(dims.slice(0, split)), productOfDims(dims.slice(split))];
    },
  ),
  reshaping(
    'Squeeze',
    13,
    'the input without `axes`, or without all dims of 1',
    'data axes?',
    {},
    squeezedDims,
  ),
  reshaping(
    'Unsqueeze',
    13,
    'the input with dims of 1 put in, so that `axes` of the result are they',
    'data axes',
    {},
    unsqueezedDims,
  ),
];

function reshaping(
  name: string,
  since: number,
  summary: string,
  inputs: string,
  attributes: OpRecord['attributes'],
  dimsOf: (context: InferContext) => readonly Dim[] | undefined,
): OpRecord {
  return {
    name,
    since,
    summary,
    inputs: formals(inputs),
    outputs: formals('output'),
    attributes,
    traits: { fusion: 'view' },
    infer: (context) => {
      const dims = dimsOf(context);
      return dims && [outputOf(context.input(0).dtype, dims, context.elements(0))];
    },
  };
}

function reshapedDims(context: InferContext): readonly Dim[] | undefined {
  const length = operandLength(context, 1);
  const { dims } = context.input(0);
  const target = context.elements(1);
  if (target === undefined) {
    if (length === 1) return [productOfDims(dims)];
    return length === undefined ? undefined : unknownDims(context, length);
  }
  const copiesZero = context.int('allowzero') === 0;
  const filled = target.map((dim, axis) =>
    dim === 0 && copiesZero ? dimAt(context, dims, axis) : dim,
  );
  const inferred = filled.filter((dim) => dim === -1).length;
  if (inferred > 1) context.fail(`has more than one -1 in its shape ${formatDims(target)}`);
  if (filled.some((dim) => isBound(dim) && dim < -1)) {
    context.fail(`has a negative dim in its shape ${formatDims(target)}`);
  }
  if (inferred === 1) {
    const rest = remainingDim(
      context,
      dims,
      filled.filter((dim) => dim !== -1),
    );
    return filled
      .map((dim) => (dim === -1 ? rest : dim))
      .map((dim, axis) => known(context, dim, axis));
  }
  const [before, after] = [productOfDims(dims), productOfDims(filled)];
  if (isBound(before) && isBound(after) && before !== after) {
    context.fail(`cannot give ${formatDims(dims)} the dims ${formatDims(filled)}`);
  }
  return filled.map((dim, axis) => known(context, dim, axis));
}

/** What the one -1 stands for: the elements of `dims` over those of the dims around it. */
function remainingDim(context: InferContext, dims: readonly Dim[], around: readonly Dim[]): Dim {
  const [before, after] = withoutCommon(dims, around);
  const total = productOfDims(before);
  const divisor = productOfDims(after);
  const impossible = () =>
    context.fail(`cannot give ${formatDims(dims)} dims that hold ${formatDims(around)}`);
  if (divisor === 0) return impossible();
  if (isBound(total) && isBound(divisor) && total % divisor !== 0) return impossible();
  return floorDivDims(total, divisor);
}

/** Drops dims that both lists have, so that what cannot be multiplied out still cancels. */
function withoutCommon(
  a: readonly Dim[],
  b: readonly Dim[],
): readonly [readonly Dim[], readonly Dim[]] {
  const left = [...a];
  const right = b.filter((dim) => {
    const at = dim === 0 ? -1 : left.findIndex((other) => dimEquals(dim, other));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return [left, right];
}

/** A dim of the result; one of unknown sign might be a -1 at run time. */
function known(context: InferContext, dim: Dim, axis: number): Dim {
  return isNonNegative(dim) ? dim : context.unknownDim(axis);
}

function squeezedDims(context: InferContext): readonly Dim[] | undefined {
  const { dims } = context.input(0);
  const axes = axesOperand(context, 1, dims.length, []);
  if (axes === undefined) {
    const count = operandLength(context, 1);
    return count === undefined ? undefined : unknownDims(context, Math.max(0, dims.length - count));
  }
  if (!context.has(1)) return allBound(dims) ? dims.filter((dim) => dim !== 1) : undefined;
  for (const axis of axes) {
    const dim = dimAt(context, dims, axis);
    if (isBound(dim) && dim !== 1) context.fail(`removes axis ${axis} of ${formatDims(dims)}`);
  }
  return dims.filter((_, axis) => !axes.includes(axis));
}

function unsqueezedDims(context: InferContext): readonly Dim[] | undefined {
  const { dims } = context.input(0);
  const count = operandLength(context, 1);
  if (count === undefined) return undefined;
  const rank = dims.length + count;
  const axes = axesOperand(context, 1, rank, []);
  if (axes === undefined) return unknownDims(context, rank);
  const kept = [...dims];
  return allAxes(rank).map((axis) => (axes.includes(axis) ? 1 : (kept.shift() ?? 1)));
}
