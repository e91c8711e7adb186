/**
 * NonMaxSuppression: for each batch and class, boxes in the order of their scores, without those that
 * overlap one taken before by more than a threshold. Every turn is one sweep over the boxes: it drops
 * what the box taken last covers, and finds the best of the others. Of equal scores the first box comes
 * first. It agrees with onnxruntime on what ONNX leaves open: scores have to be above the
 * threshold, not at it, and boxes without an area overlap nothing.
 */

import { optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, binary, cast, index, literal, load, mul, select, sub } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { positionOf } from '../view.js';
import { clearTail } from './clear-tail.js';
import { bothHold } from './index-math.js';
import { readCount, readScalar } from './read-scalar.js';
import type { Destination, KernelContext, LoweringRule } from './rule.js';
import { arithmeticType } from './scalar-types.js';
import { agree, dimsOf } from './tails.js';

export const nonMaxSuppressionRule: LoweringRule = {
  layout: 'row-major',
  allowsTails: ({ inputs }) => {
    const [boxes, scores] = [dimsOf(inputs[0]), dimsOf(inputs[1])];
    return agree(boxes[0], scores[0]) && agree(boxes[1], scores[2]);
  },
  kernel: writeNonMaxSuppression,
};

/** What is the same for all batches and classes. */
interface Suppression {
  readonly context: KernelContext;
  /** How many a class may have, and how many it can have. */
  readonly most: Expr;
  readonly turns: number;
  readonly overlap: Expr;
  /** Scores have to be above; undefined: any score will do. */
  readonly score: Expr | undefined;
  /** 1 for each box that is neither taken nor dropped. */
  readonly left: Destination;
}

function writeNonMaxSuppression(context: KernelContext): void {
  const { block } = context;
  const [batches = 0, classes = 0, boxes = 0] = context.inputDims(1);
  const y = context.destination(0);
  const turns = Math.round((y.dims[0] ?? 0) / Math.max(1, batches * classes));
  const type = arithmeticType(context.operand(0).dtype);
  const suppression: Suppression = {
    context,
    turns,
    most: context.has(2) ? readCount(context, block, 2, boxes) : index(0),
    overlap: context.has(3)
      ? block.let('overlap', readScalar(context, block, 3))
      : literal(type, 0),
    score: context.has(4) ? block.let('threshold', readScalar(context, block, 4)) : undefined,
    left: context.scratch('left', [boxes], undefined, 'int32'),
  };
  const count = block.local('count', 'index', index(0));
  block.for('n', context.inputSize(1, 0), (perBatch, batch) =>
    perBatch.for('c', context.inputSize(1, 1), (perClass, klass) =>
      writeClass(suppression, perClass, batch, klass, (taken, box) => {
        for (const [i, position] of [batch, klass, box].entries()) {
          y.store(taken, [count, index(i)], cast(position, 'int64'));
        }
        taken.assign(count, add(count, index(1)));
      }),
    ),
  );
  context.setSize(0, 0, count);
  clearTail(block, y, 0, count);
}

function writeClass(
  { context, most, turns, overlap, score, left }: Suppression,
  block: Block,
  batch: Expr,
  klass: Expr,
  take: (taken: Block, box: Expr) => void,
): void {
  const scores = context.operand(1);
  const boxes = context.inputSize(1, 2);
  const type = arithmeticType(scores.dtype);
  block.for('i', boxes, (inner, i) => {
    const isAbove =
      score === undefined
        ? literal('bool', 1)
        : binary('gt', scores.read(inner, [batch, klass, i]), score);
    left.store(inner, [i], select(isAbove, literal('int32', 1), literal('int32', 0)));
  });
  const last = block.local('last', 'index', index(-1));
  const isOver = block.local('over', 'bool', literal('bool', 0));
  block.for('k', turns, (turn, k) => {
    const goesOn = binary('and', binary('lt', k, most), {
      kind: 'unary',
      op: 'not',
      dtype: 'bool',
      x: isOver,
    });
    turn.if(goesOn, (goOn) => {
      const best = goOn.local('best', type, literal(type, 0));
      const where = goOn.local('where', 'index', index(-1));
      const hasLast = goOn.let('has', binary('ge', last, index(0)));
      const taken = readBox(context, goOn, batch, binary('max', last, index(0)));
      goOn.for('i', boxes, (inner, i) => {
        inner.if(binary('ne', loadFrom(left, i), literal('int32', 0)), (open) => {
          const box = readBox(context, open, batch, i);
          const isCovered = binary(
            'and',
            hasLast,
            binary('gt', overlapOf(open, taken, box), overlap),
          );
          open.if(
            isCovered,
            (covered) => left.store(covered, [i], literal('int32', 0)),
            (free) => {
              const value = free.let('score', scores.read(free, [batch, klass, i]));
              const isFirst = binary('lt', where, index(0));
              free.if(binary('or', isFirst, binary('gt', value, best)), (better) => {
                better.assign(best, value);
                better.assign(where, i);
              });
            },
          );
        });
      });
      goOn.assign(isOver, binary('lt', where, index(0)));
      goOn.if(binary('ge', where, index(0)), (found) => {
        left.store(found, [where], literal('int32', 0));
        take(found, where);
      });
      goOn.assign(last, where);
    });
  });
}

/** A box as an interval of each axis, and its area. */
interface Box {
  readonly low: readonly Expr[];
  readonly high: readonly Expr[];
  readonly area: Expr;
}

function readBox(context: KernelContext, block: Block, batch: Expr, box: Expr): Box {
  const boxes = context.operand(0);
  const [a, b, c, d] = [0, 1, 2, 3].map((i) =>
    block.let('p', boxes.read(block, [batch, box, index(i)])),
  ) as [Expr, Expr, Expr, Expr];
  const byCentre = (optionalAttribute(context.node, 'center_point_box', 'int') ?? 0) !== 0;
  const pairs = [
    [a, c],
    [b, d],
  ] as const;
  const half = (size: Expr): Expr => mul(size, literal(size.dtype, 0.5));
  const low = pairs.map(([from, to]) =>
    block.let('low', byCentre ? sub(from, half(to)) : binary('min', from, to)),
  );
  const high = pairs.map(([from, to]) =>
    block.let('high', byCentre ? add(from, half(to)) : binary('max', from, to)),
  );
  return { low, high, area: block.let('area', areaOf(low, high)) };
}

function areaOf([a, b]: readonly Expr[], [c, d]: readonly Expr[]): Expr {
  return a && b && c && d ? mul(sub(c, a), sub(d, b)) : index(0);
}

/** The area that two boxes share by the one that they cover together; 0 where there is none. */
function overlapOf(block: Block, a: Box, b: Box): Expr {
  const low = a.low.map((from, axis) =>
    block.let('from', binary('max', from, b.low[axis] ?? from)),
  );
  const high = a.high.map((to, axis) => block.let('to', binary('min', to, b.high[axis] ?? to)));
  const shared = block.let('shared', areaOf(low, high));
  const union = block.let('union', sub(add(a.area, b.area), shared));
  const zero = literal(shared.dtype, 0);
  const meets = [
    ...low.map((from, axis) => binary('gt', high[axis] ?? from, from)),
    ...[a.area, b.area, union].map((area) => binary('gt', area, zero)),
  ].reduce(bothHold);
  return select(meets, binary('div', shared, union), zero);
}

function loadFrom({ param, dtype, view }: Destination, at: Expr): Expr {
  return load(param, dtype, positionOf(view, [at]));
}
