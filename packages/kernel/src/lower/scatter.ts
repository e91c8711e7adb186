/**
 * Ops that write at positions held in a tensor of indices: the data is copied, then the updates are
 * applied one after another in row-major order, so that of equal indices the last one wins. An update
 * whose index is out of bounds is left out.
 */

import { optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, binary, cast, index, isLiteral, literal, load, mul, select } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { range } from '../schedule/contraction.js';
import { positionOf } from '../view.js';
import { inMemoryOrder, origin, overAxes } from './axis-loops.js';
import { bothHold, compare, coordinate, normalizeAxis, withCoordinate } from './index-math.js';
import type { Destination, KernelContext, LoweringRule } from './rule.js';

function copyData(context: KernelContext): void {
  const x = context.operand(0);
  const y = context.destination(0);
  const axes = inMemoryOrder(range(x.dims.length), y);
  overAxes(context.block, x.dims, axes, origin(x.dims), (inner, at) =>
    y.store(inner, at, x.read(inner, at)),
  );
}

/** A position along an axis of `size`, and whether it is on it. */
interface Target {
  readonly position: Expr;
  readonly inside: Expr;
}

function targetOf(block: Block, element: Expr, size: number): Target {
  const written = block.let('g', cast(element, 'index'));
  const wrapped = isLiteral(written)
    ? index(Number(written.value) + (Number(written.value) < 0 ? size : 0))
    : select(compare('lt', written, index(0)), add(written, index(size)), written);
  const position = block.let('g', wrapped);
  const inside = bothHold(compare('ge', position, index(0)), compare('lt', position, index(size)));
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
    const target = targetOf(inner, indices.read(inner, at), dims[axis] ?? 1);
    inner.if(target.inside, (within) =>
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
  const { dims } = context.destination(0);
  const rank = indices.dims.length - 1;
  const depth = indices.dims[rank] ?? 0;
  overAxes(block, updates.dims, range(rank), origin(updates.dims), (inner, at) => {
    const tuple = range(depth).map((i) => {
      const place = [...at.slice(0, rank), index(i)];
      return targetOf(inner, indices.read(inner, place), dims[i] ?? 1);
    });
    const inside = tuple.reduce<Expr>(
      (all, target) => bothHold(all, target.inside),
      literal('bool', 1),
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

export const scatterRules: Readonly<Record<string, LoweringRule>> = {
  ScatterElements: { layout: 'row-major', kernel: scatterElements },
  ScatterND: { layout: 'row-major', kernel: scatterND },
};
