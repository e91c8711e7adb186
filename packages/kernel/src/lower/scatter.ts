/**
 * Ops that write at positions held in a tensor of indices: the data is copied, then the updates are
 * applied one after another in row-major order, so that of equal indices the last one wins. An update
 * whose index is out of bounds is left out.
 */

import { isBound, type Node, optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, binary, cast, index, isLiteral, load, mul, select } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { range } from '../schedule/contraction.js';
import { positionOf } from '../view.js';
import { inMemoryOrder, origin, overAxes } from './axis-loops.js';
import { bothHold, compare, coordinate, normalizeAxis, withCoordinate } from './index-math.js';
import type { Destination, KernelContext, LoweringRule } from './rule.js';
import { allAgree, dimsOf, isInside } from './tails.js';

function copyData(context: KernelContext): void {
  const x = context.operand(0);
  const y = context.destination(0);
  const axes = inMemoryOrder(range(x.dims.length), y);
  overAxes(context.block, x.dims, axes, origin(x.dims), (inner, at) =>
    y.store(inner, at, x.read(inner, at)),
  );
}

/** A position along an axis, and whether it is on it. */
interface Target {
  readonly position: Expr;
  readonly inside: Expr;
}

function targetOf(block: Block, element: Expr, size: Expr): Target {
  const written = block.let('g', cast(element, 'index'));
  const wrapped = isLiteral(written)
    ? Number(written.value) < 0
      ? add(size, written)
      : written
    : select(compare('lt', written, index(0)), add(written, size), written);
  const position = block.let('g', wrapped);
  const inside = bothHold(compare('ge', position, index(0)), compare('lt', position, size));
  return { position, inside };
}

function writeUpdate(
  context: KernelContext,
  block: Block,
  to: readonly Expr[],
  update: Expr,
): void {
  const y = context.destination(0);
  y.store(block, to, combined(context, y, to, update));
}

function combined(context: KernelContext, y: Destination, to: readonly Expr[], update: Expr): Expr {
  const before = load(y.param, y.dtype, positionOf(y.view, to));
  switch (optionalAttribute(context.node, 'reduction', 'string')) {
    case 'add':
      return before.dtype === 'bool' ? binary('or', before, update) : add(before, update);
    case 'mul':
      return before.dtype === 'bool' ? binary('and', before, update) : mul(before, update);
    case 'max':
      return binary('max', before, update);
    case 'min':
      return binary('min', before, update);
    default:
      return update;
  }
}

function scatterElements(context: KernelContext): void {
  copyData(context);
  const { node, block } = context;
  const indices = context.operand(1);
  const updates = context.operand(2);
  const { dims } = context.destination(0);
  const axis = normalizeAxis(node, optionalAttribute(node, 'axis', 'int') ?? 0, dims.length);
  overAxes(block, indices.dims, range(dims.length), origin(dims), (inner, at) => {
    const target = targetOf(inner, indices.read(inner, at), context.inputSize(0, axis));
    inner.if(bothHold(isInside(context, 1, at), target.inside), (within) =>
      writeUpdate(
        context,
        within,
        withCoordinate(at, axis, target.position),
        updates.read(within, at),
      ),
    );
  });
}

function scatterND(context: KernelContext): void {
  copyData(context);
  const { block } = context;
  const indices = context.operand(1);
  const updates = context.operand(2);
  const rank = indices.dims.length - 1;
  const depth = indices.dims[rank] ?? 0;
  overAxes(block, updates.dims, range(rank), origin(updates.dims), (inner, at) => {
    const tuple = range(depth).map((i) => {
      const place = [...at.slice(0, rank), index(i)];
      return targetOf(inner, indices.read(inner, place), context.inputSize(0, i));
    });
    const inside = tuple.reduce<Expr>(
      (all, target) => bothHold(all, target.inside),
      isInside(context, 1, at.slice(0, rank)),
    );
    inner.if(inside, (within) => {
      const axes = range(updates.dims.length).slice(rank);
      overAxes(within, updates.dims, axes, at, (deepest, whole) => {
        const rest = axes.map((axis) => coordinate(whole, axis));
        const to = [...tuple.map((target) => target.position), ...rest];
        writeUpdate(context, deepest, to, updates.read(deepest, whole));
      });
    });
  });
}

/** There is an update for each index; what is not updated by itself is a slice of the data. */
function updatesFit({ op, inputs }: Node): boolean {
  const [data = [], indices = [], updates = []] = inputs.map(dimsOf);
  if (op === 'ScatterElements') return allAgree(updates, indices);
  const depth = indices.at(-1);
  return (
    depth !== undefined &&
    isBound(depth) &&
    allAgree(updates, [...indices.slice(0, -1), ...data.slice(depth)])
  );
}

export const scatterRules: Readonly<Record<string, LoweringRule>> = {
  ScatterElements: { layout: 'row-major', allowsTails: updatesFit, kernel: scatterElements },
  ScatterND: { layout: 'row-major', allowsTails: updatesFit, kernel: scatterND },
};
