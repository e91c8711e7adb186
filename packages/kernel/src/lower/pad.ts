/** Pad: elements put around the input, or cut away where pads are negative. */

import { optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, floormod, index, isLiteral, literal, sub } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { bothHold, compare, coordinate, maxIndex, minIndex, normalizeAxis } from './index-math.js';
import type { ElementContext, LoweringRule } from './rule.js';
import { arithmeticType } from './scalar-types.js';

/** The pads of one axis, and its size before padding. */
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
    const inside = from.map((position, axis) => {
      const axisPad = pads[axis] ?? { before: 0, after: 0, size: 1 };
      return block.let('f', foldBack[mode](position, axisPad));
    });
    return context.operand(0).read(block, inside);
  },
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
    return after > 0 || far ? sub(last, distance(sub(last, position))) : add(position, index(0));
  },
};
