/** Pad: elements put around the input, or cut away where pads are negative. */

import { optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, floormod, index, isLiteral, literal, sub } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { range } from '../schedule/contraction.js';
import { sliceView } from '../view.js';
import { inMemoryOrder, origin, overAxes } from './axis-loops.js';
import { fillHalo } from './fill-halo.js';
import { bothHold, compare, coordinate, maxIndex, minIndex, normalizeAxis } from './index-math.js';
import type { Destination, ElementContext, KernelContext, LoweringRule } from './rule.js';
import { arithmeticType } from './scalar-types.js';

/** The pads of one axis, negative where elements are cut away, and its size before. */
interface AxisPads {
  readonly before: number;
  readonly after: number;
  readonly size: number;
}

export const padRule: LoweringRule = {
  reads: (node, input) => (input === 0 && modeOf(node) === 'constant' ? 'once' : 'many'),
  element: (context, block, at) => {
    const pads = axisPads(context);
    const from = at.map((position, axis) => sub(position, index(pads[axis]?.before ?? 0)));
    const mode = modeOf(context.node);
    if (mode === 'constant') return readOrFill(context, block, from, pads);
    const inside = from.map((position, axis) =>
      block.let('f', foldInside(mode, position, pads[axis] ?? { before: 0, after: 0, size: 1 })),
    );
    return context.operand(0).read(block, inside);
  },
  kernelTakes: (node) => modeOf(node) === 'constant',
  kernel: writeConstantPad,
};

type Mode = 'constant' | 'reflect' | 'edge' | 'wrap';

function modeOf(node: ElementContext['node']): Mode {
  const mode = optionalAttribute(node, 'mode', 'string');
  return mode === 'reflect' || mode === 'edge' || mode === 'wrap' ? mode : 'constant';
}

function axisPads(context: ElementContext): AxisPads[] {
  const { dims } = context.operand(0);
  const pads = context.constants(1);
  const axes = (context.optionalConstants(3) ?? dims.map((_, axis) => axis)).map((axis) =>
    normalizeAxis(context.node, axis, dims.length),
  );
  return dims.map((size, axis) => {
    const at = axes.indexOf(axis);
    const before = at < 0 ? 0 : (pads[at] ?? 0);
    const after = at < 0 ? 0 : (pads[at + axes.length] ?? 0);
    return { before, after, size };
  });
}

/** Copies the input to where it goes and fills what is around it, so that no element is tested. */
function writeConstantPad(context: KernelContext): void {
  const { block } = context;
  const x = context.operand(0);
  const pads = axisPads(context);
  const inside = insideOf(context.destination(0), pads);
  const axes = inMemoryOrder(range(x.dims.length), inside);
  overAxes(block, inside.dims, axes, origin(x.dims), (inner, at) => {
    const from = at.map((position, axis) =>
      sub(position, index(Math.min(pads[axis]?.before ?? 0, 0))),
    );
    inside.store(inner, at, x.read(inner, from));
  });
  const halo = {
    before: pads.map(({ before }) => Math.max(before, 0)),
    after: pads.map(({ after }) => Math.max(after, 0)),
  };
  fillHalo(block, inside, halo, { value: block.let('v', fillValue(context, block)) });
}

/** The part of the output that holds elements of the input. */
function insideOf(y: Destination, pads: readonly AxisPads[]): Destination {
  const view = pads.reduce(
    (part, { before, after, size }, axis) =>
      sliceView(
        part,
        axis,
        Math.max(before, 0),
        Math.max(size + Math.min(before, 0) + Math.min(after, 0), 0),
        1,
      ),
    y.view,
  );
  const start = pads.map(({ before }) => Math.max(before, 0));
  return {
    ...y,
    dims: view.dims,
    view,
    store: (block, at, value) =>
      y.store(
        block,
        at.map((position, axis) => add(position, index(start[axis] ?? 0))),
        value,
      ),
  };
}

/** The input where the position is inside of it, else the constant; the input is read nowhere else. */
function readOrFill(
  context: ElementContext,
  block: Block,
  from: readonly Expr[],
  pads: readonly AxisPads[],
): Expr {
  const x = context.operand(0);
  const inside = pads.reduce<Expr>(
    (condition, { before, after, size }, axis) => {
      const position = coordinate(from, axis);
      const notBefore = before > 0 ? compare('ge', position, index(0)) : literal('bool', 1);
      const notAfter = after > 0 ? compare('lt', position, index(size)) : literal('bool', 1);
      return bothHold(condition, bothHold(notBefore, notAfter));
    },
    literal('bool', 1),
  );
  if (isLiteral(inside) && inside.value) return x.read(block, from);
  const value = block.local('v', arithmeticType(x.dtype), fillValue(context, block));
  block.if(inside, (inner) => inner.assign(value, x.read(inner, from)));
  return value;
}

function fillValue(context: ElementContext, block: Block): Expr {
  if (!context.has(2)) return literal(arithmeticType(context.outputType(0)), 0);
  const value = context.operand(2);
  return value.read(
    block,
    value.dims.map(() => index(0)),
  );
}

/** What is cut away is gone before anything is put around: only the rest repeats. */
function foldInside(
  mode: Exclude<Mode, 'constant'>,
  at: Expr,
  { before, after, size }: AxisPads,
): Expr {
  const start = Math.max(-before, 0);
  const rest = {
    before: Math.max(before, 0),
    after: Math.max(after, 0),
    size: Math.max(size - start - Math.max(-after, 0), 0),
  };
  return add(foldBack[mode](sub(at, index(start)), rest), index(start));
}

/** Where a position outside of the input finds its element inside. */
const foldBack: Readonly<Record<Exclude<Mode, 'constant'>, (at: Expr, pads: AxisPads) => Expr>> = {
  edge: (at, pads) => {
    const low = pads.before > 0 ? maxIndex(index(0), at) : at;
    return pads.after > 0 ? minIndex(low, index(pads.size - 1)) : low;
  },
  wrap: (at, { before, after, size }) =>
    before > 0 || after > 0 ? floormod(at, Math.max(size, 1)) : at,
  reflect: (at, { before, after, size }) => {
    if (before <= 0 && after <= 0) return at;
    if (size <= 1) return index(0);
    const last = index(size - 1);
    const distance = (x: Expr): Expr => maxIndex(x, sub(index(0), x));
    const far = before >= size || after >= size;
    const position = far ? floormod(at, 2 * (size - 1)) : before > 0 ? distance(at) : at;
    return after > 0 || far ? sub(last, distance(sub(last, position))) : position;
  },
};
