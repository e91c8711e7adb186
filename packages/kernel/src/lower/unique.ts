/**
 * Unique: each turn takes the least element of those that are left, or the first one, and with it all that
 * equal it. Elements are slices along an axis, compared in row-major order; without an axis each stands
 * for itself. NaN equals NaN and is above all numbers, as in NumPy.
 */

import { isBound, type Node, optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, binary, cast, index, literal, load, select, unary } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { range } from '../schedule/contraction.js';
import { positionOf } from '../view.js';
import { origin, otherAxes, overAxes } from './axis-loops.js';
import { clearTail } from './clear-tail.js';
import { coordinate, countOf, normalizeAxis, unravel } from './index-math.js';
import type { Destination, KernelContext, LoweringRule } from './rule.js';
import { isFloatType } from './scalar-types.js';
import { countAlong, dimsOf } from './tails.js';

export const uniqueRule: LoweringRule = {
  layout: 'row-major',
  allowsTails: isCutAtEnd,
  kernel: writeUnique,
};

/** A tail is of the last slices, or of the last elements. */
function isCutAtEnd(node: Node): boolean {
  const dims = dimsOf(node.inputs[0]);
  const axis = optionalAttribute(node, 'axis', 'int');
  const cut = axis === undefined ? 0 : normalizeAxis(node, axis, dims.length);
  return dims.every((dim, i) => isBound(dim) || i === cut);
}

/** The elements that are compared: how many, how many at most, and the parts of each. */
interface Slices {
  readonly count: Expr;
  readonly most: number;
  /** Loops over the coordinates of the parts of a slice; one turn, where it is an element. */
  over(block: Block, body: (inner: Block, part: readonly Expr[]) => void): void;
  read(block: Block, slice: Expr, part: readonly Expr[]): Expr;
}

function slicesOf(context: KernelContext): Slices {
  const x = context.operand(0);
  const { dims } = x;
  const axis = optionalAttribute(context.node, 'axis', 'int');
  if (axis === undefined) {
    const axes = range(dims.length);
    return {
      count: countAlong(context, axes),
      most: countOf(dims),
      over: (block, body) => body(block, []),
      read: (block, slice) => x.read(block, unravel(slice, dims)),
    };
  }
  const along = normalizeAxis(context.node, axis, dims.length);
  return {
    count: context.inputSize(0, along),
    most: dims[along] ?? 0,
    over: (block, body) =>
      overAxes(block, dims, otherAxes(dims.length, [along]), origin(dims), body),
    read: (block, slice, part) => x.read(block, part.with(along, slice)),
  };
}

function writeUnique(context: KernelContext): void {
  const { block, node } = context;
  const slices = slicesOf(context);
  const sorted = (optionalAttribute(node, 'sorted', 'int') ?? 1) !== 0;
  // For each slice the number of the one that it equals, -1 before that is known.
  const inverse = context.scratch('inverse', [slices.most], undefined, 'int32');
  const isLeft = (i: Expr): Expr => binary('lt', loadFrom(inverse, i), literal('int32', 0));
  block.for('i', slices.count, (inner, i) => inverse.store(inner, [i], literal('int32', -1)));
  const found = block.local('found', 'index', index(0));
  const left = block.local('left', 'index', slices.count);
  block.for('u', slices.most, (turn) => {
    turn.if(binary('gt', left, index(0)), (more) => {
      const best = more.local('best', 'index', index(-1));
      more.for('i', slices.count, (inner, i) => {
        inner.if(isLeft(i), (open) => {
          open.if(
            binary('lt', best, index(0)),
            (first) => first.assign(best, i),
            (other) => {
              if (!sorted) return;
              const order = orderOf(slices, other, i, best);
              other.if(binary('lt', order, index(0)), (less) => less.assign(best, i));
            },
          );
        });
      });
      const equal = more.local('equal', 'index', index(0));
      more.for('i', slices.count, (inner, i) => {
        inner.if(isLeft(i), (open) => {
          const order = orderOf(slices, open, i, best);
          open.if(binary('eq', order, index(0)), (same) => {
            inverse.store(same, [i], cast(found, 'int32'));
            same.assign(equal, add(equal, index(1)));
          });
        });
      });
      writeFound(context, slices, more, { at: found, first: best, count: equal });
      more.assign(left, binary('sub', left, equal));
      more.assign(found, add(found, index(1)));
    });
  });
  writeInverse(context, slices, inverse);
  [0, 1, 3].forEach((output) => {
    if (node.outputs[output] === undefined) return;
    const axis = output === 0 ? axisOfCount(context) : 0;
    context.setSize(output, axis, found);
    clearTail(block, context.destination(output), axis, found);
  });
}

/** The axis of the result along which there is one slice for each that was found. */
function axisOfCount({ node, inputDims }: KernelContext): number {
  const axis = optionalAttribute(node, 'axis', 'int');
  return axis === undefined ? 0 : normalizeAxis(node, axis, inputDims(0).length);
}

/** Which of two slices comes first: an index below 0, 0 where they are equal, or above. */
function orderOf(slices: Slices, block: Block, a: Expr, b: Expr): Expr {
  const order = block.local('order', 'index', index(0));
  slices.over(block, (inner, part) => {
    inner.if(binary('eq', order, index(0)), (open) => {
      const x = open.let('x', comparable(slices.read(open, a, part)));
      const y = open.let('y', comparable(slices.read(open, b, part)));
      const later = select(isBefore(y, x), index(1), index(0));
      open.assign(order, select(isBefore(x, y), index(-1), later));
    });
  });
  return order;
}

function comparable(x: Expr): Expr {
  return x.dtype === 'bool' ? cast(x, 'int32') : x;
}

function isBefore(x: Expr, y: Expr): Expr {
  const less = binary('lt', x, y);
  if (!isFloatType(x.dtype)) return less;
  const isLast = binary('and', unary('isnan', y), binary('eq', x, x));
  return binary('or', less, isLast);
}

/** One of those that are found: its number, the first slice that it is, and how many are equal to that. */
interface Found {
  readonly at: Expr;
  readonly first: Expr;
  readonly count: Expr;
}

function writeFound(
  context: KernelContext,
  slices: Slices,
  block: Block,
  { at, first, count }: Found,
): void {
  const [y, indices, , counts] = context.node.outputs;
  if (y !== undefined) {
    const axis = axisOfCount(context);
    slices.over(block, (inner, part) => {
      const to = part.length === 0 ? [at] : part.with(axis, at);
      context.destination(0).store(inner, to, slices.read(inner, first, part));
    });
  }
  const numbers = [
    [indices, 1, first],
    [counts, 3, count],
  ] as const;
  for (const [value, output, number] of numbers) {
    if (value === undefined) continue;
    context.destination(output).store(block, [at], cast(number, 'int64'));
  }
}

function writeInverse(context: KernelContext, slices: Slices, inverse: Destination): void {
  if (context.node.outputs[2] === undefined) return;
  const { block } = context;
  const y = context.destination(2);
  block.for('i', slices.count, (inner, i) =>
    y.store(inner, [i], cast(loadFrom(inverse, i), 'int64')),
  );
  clearTail(block, y, 0, slices.count);
}

function loadFrom({ param, dtype, view }: Destination, at: Expr): Expr {
  return load(param, dtype, positionOf(view, [coordinate([at], 0)]));
}
