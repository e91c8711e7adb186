/** Ops that go along one axis in order: running sums, the largest element, the k largest. */

import { integersOf, type Node, optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, binary, cast, index, isLiteral, literal, select } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { inMemoryOrder, origin, otherAxes, overAxes } from './axis-loops.js';
import { highest, lowest } from './fold.js';
import { bothHold, inputDims, minIndex, normalizeAxis } from './index-math.js';
import { readCount } from './read-scalar.js';
import type { ElementContext, KernelContext, LoweringRule } from './rule.js';
import { arithmeticType } from './scalar-types.js';
import { settled } from './settled.js';
import { anyTail, hasTail, isInside, withoutTails } from './tails.js';

function axisAttribute({ node }: ElementContext, otherwise: number): number {
  const axis = optionalAttribute(node, 'axis', 'int') ?? otherwise;
  return normalizeAxis(node, axis, inputDims(node, 0).length);
}

/** The position of the first (or last) of the largest (or smallest) elements along an axis. */
function argument(better: 'gt' | 'lt'): LoweringRule {
  const worst = better === 'gt' ? lowest : highest;
  return {
    reads: () => 'once',
    allowsTails: anyTail,
    element: (context, block, at) => {
      const { node } = context;
      const axis = axisAttribute(context, 0);
      const x = withoutTails(context, [axis], worst);
      const keeps = (optionalAttribute(node, 'keepdims', 'int') ?? 1) !== 0;
      const takesLast = (optionalAttribute(node, 'select_last_index', 'int') ?? 0) !== 0;
      const from = x.dims.length === 0 || keeps ? at : at.toSpliced(axis, 0, index(0));
      const type = arithmeticType(x.dtype);
      const best = block.local('best', type, worst(type));
      const where = block.local('where', 'index', index(0));
      const axes = x.dims.length === 0 ? [] : [axis];
      overAxes(block, x.dims, axes, from, (inner, here) => {
        const value = inner.let('x', settled(x, x.read(inner, here)));
        const op = takesLast ? (better === 'gt' ? 'ge' : 'le') : better;
        const inside = takesLast ? isInside(context, 0, here) : literal('bool', 1);
        const wins = inner.let('b', bothHold(inside, binary(op, value, best)));
        inner.assign(where, select(wins, here[axis] ?? index(0), where));
        inner.assign(best, select(wins, value, best));
      });
      return cast(where, 'int64');
    },
  };
}

function writeCumSum(context: KernelContext): void {
  const { node, block } = context;
  const x = context.operand(0);
  const y = context.destination(0);
  const [written = 0] = context.constants(1);
  const rank = x.dims.length;
  const axis = normalizeAxis(node, written, rank);
  const axes = rank === 0 ? [] : [axis];
  const exclusive = (optionalAttribute(node, 'exclusive', 'int') ?? 0) !== 0;
  const reverse = (optionalAttribute(node, 'reverse', 'int') ?? 0) !== 0;
  const type = arithmeticType(x.dtype);
  const last = index((x.dims[axis] ?? 1) - 1);
  overAxes(
    block,
    x.dims,
    inMemoryOrder(otherAxes(rank, axes), y),
    origin(x.dims),
    (line, start) => {
      const sum = line.local('sum', type, literal(type, 0));
      overAxes(line, x.dims, axes, start, (inner, forward) => {
        const at = reverse
          ? forward.map((position, i) => (i === axis ? binary('sub', last, position) : position))
          : forward;
        const value = inner.let('x', x.read(inner, at));
        if (exclusive) y.store(inner, at, sum);
        inner.assign(sum, add(sum, value));
        if (!exclusive) y.store(inner, at, sum);
      });
    },
  );
}

/** Running backwards begins at the end, which is not known of an axis with a tail. */
function runsFromFront(node: Node): boolean {
  const [axis] = integersOf(node.inputs[1]) ?? [];
  const reverse = (optionalAttribute(node, 'reverse', 'int') ?? 0) !== 0;
  const rank = node.inputs[0]?.type?.dims.length ?? 0;
  return !reverse || (axis !== undefined && !hasTail(node, 0, normalizeAxis(node, axis, rank)));
}

/**
 * One sweep over the line for each of the k: the best of the elements that come after the one before
 * in the order of value, then position. It needs no memory, and k is small where models ask for it.
 */
function writeTopK(context: KernelContext): void {
  const { node, block } = context;
  const x = context.operand(0);
  const axis = axisAttribute(context, -1);
  const output = node.outputs[0] === undefined ? 1 : 0;
  const most = context.outputDims(output)[axis] ?? 0;
  const known = readCount(context, block, 1, most);
  const count = isLiteral(known) ? known : minIndex(known, context.inputSize(0, axis));
  context.setSize(output, axis, count);
  const largest = (optionalAttribute(node, 'largest', 'int') ?? 1) !== 0;
  const type = arithmeticType(x.dtype);
  const worst = largest ? lowest(type) : highest(type);
  const first = largest ? highest(type) : lowest(type);
  const beats = (a: Expr, b: Expr): Expr => binary(largest ? 'gt' : 'lt', a, b);
  const others = otherAxes(x.dims.length, [axis]);
  overAxes(block, x.dims, others, origin(x.dims), (line, start) => {
    const value = line.local('value', type, first);
    const place = line.local('place', 'index', index(-1));
    const pick = (perPick: Block, k: Expr): void => {
      const best = perPick.local('best', type, worst);
      const where = perPick.local('where', 'index', index(-1));
      overAxes(perPick, x.dims, [axis], start, (inner, at) => {
        const position = at[axis] ?? index(0);
        const v = inner.let('x', x.read(inner, at));
        const same = binary('and', binary('eq', v, value), binary('gt', position, place));
        const after = binary('or', beats(value, v), same);
        const none = binary('lt', where, index(0));
        const better = binary('and', after, binary('or', none, beats(v, best)));
        const wins = inner.let('b', bothHold(isInside(context, 0, at), better));
        inner.assign(where, select(wins, position, where));
        inner.assign(best, select(wins, v, best));
      });
      perPick.assign(value, best);
      perPick.assign(place, where);
      storePick(context, perPick, start.with(axis, k), best, where);
    };
    line.for('k', most, (inner, k) => {
      if (isLiteral(count)) pick(inner, k);
      else {
        inner.if(
          binary('lt', k, count),
          (some) => pick(some, k),
          (tail) => storePick(context, tail, start.with(axis, k), literal(type, 0), index(0)),
        );
      }
    });
  });
}

function storePick(
  context: KernelContext,
  block: Block,
  at: readonly Expr[],
  value: Expr,
  place: Expr,
): void {
  const [values, indices] = context.node.outputs;
  if (values !== undefined) context.destination(0).store(block, at, value);
  if (indices !== undefined) context.destination(1).store(block, at, cast(place, 'int64'));
}

export const selectionRules: Readonly<Record<string, LoweringRule>> = {
  ArgMax: argument('gt'),
  ArgMin: argument('lt'),
  CumSum: {
    reads: (_, input) => (input === 0 ? 'once' : 'many'),
    allowsTails: runsFromFront,
    kernel: writeCumSum,
  },
  TopK: { allowsTails: anyTail, kernel: writeTopK },
};
