/** Ops whose elements follow from their position, and masks. */

import { numbersOf, optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, binary, cast, index, literal, mul, select, sub } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { compare, coordinate, countOf, inputDims, normalizeAxis } from './index-math.js';
import type { ElementContext, KernelContext, LoweringRule } from './rule.js';
import { arithmeticType } from './scalar-types.js';

const many = (): 'many' => 'many';

/** The one element of an input. */
function scalar(context: ElementContext, block: Block, input: number): Expr {
  const operand = context.operand(input);
  return operand.read(
    block,
    operand.dims.map(() => index(0)),
  );
}

const constantOfShape: LoweringRule = {
  element: (context) => {
    const type = arithmeticType(context.outputType(0));
    const value = optionalAttribute(context.node, 'value', 'tensor');
    const [element = 0] = value === undefined ? [] : numbersOf(value);
    return literal(type, element);
  },
};

const rangeRule: LoweringRule = {
  reads: many,
  element: (context, block, at) => {
    const start = scalar(context, block, 0);
    const delta = scalar(context, block, 2);
    return add(start, mul(cast(coordinate(at, 0), start.dtype), delta));
  },
};

const eyeLike: LoweringRule = {
  reads: many,
  element: (context, _, at) => {
    const type = arithmeticType(context.outputType(0));
    const k = optionalAttribute(context.node, 'k', 'int') ?? 0;
    const onDiagonal = compare('eq', sub(coordinate(at, 1), coordinate(at, 0)), index(k));
    return select(onDiagonal, literal(type, 1), literal(type, 0));
  },
};

/** Upper keeps column - row >= k, lower keeps column - row <= k. */
const trilu: LoweringRule = {
  reads: (_, input) => (input === 0 ? 'once' : 'many'),
  element: (context, block, at) => {
    const x = context.operand(0).read(block, at);
    const rank = at.length;
    const k = context.has(1) ? cast(scalar(context, block, 1), 'index') : index(0);
    const diagonal = sub(coordinate(at, rank - 1), coordinate(at, rank - 2));
    const upper = (optionalAttribute(context.node, 'upper', 'int') ?? 1) !== 0;
    return select(binary(upper ? 'ge' : 'le', diagonal, k), x, literal(x.dtype, 0));
  },
};

/** An index below 0 counts from the end; one out of bounds is nowhere on. */
const oneHot: LoweringRule = {
  reads: many,
  element: (context, block, at) => {
    const indices = context.operand(0);
    const rank = indices.dims.length;
    const axis = normalizeAxis(
      context.node,
      optionalAttribute(context.node, 'axis', 'int') ?? -1,
      rank + 1,
    );
    const depth = context.outputDims(0)[axis] ?? 1;
    const read = indices.read(block, at.toSpliced(axis, 1));
    const written = block.let('g', cast(read, 'index'));
    const place = select(binary('lt', written, index(0)), add(written, index(depth)), written);
    const values = context.operand(2);
    const [off, on] = [values.read(block, [index(0)]), values.read(block, [index(1)])];
    return select(binary('eq', place, coordinate(at, axis)), on, off);
  },
};

/** Shape and Size are known by now; optimised graphs hold them as constants. */
function writeShape(context: KernelContext): void {
  const { node } = context;
  const dims = inputDims(node, 0);
  const place = (axis: number): number =>
    Math.min(Math.max(axis < 0 ? axis + dims.length : axis, 0), dims.length);
  const start = place(optionalAttribute(node, 'start', 'int') ?? 0);
  const end = place(optionalAttribute(node, 'end', 'int') ?? dims.length);
  const y = context.destination(0);
  dims.slice(start, end).forEach((dim, i) => {
    y.store(context.block, [index(i)], literal('int64', dim));
  });
}

function writeSize(context: KernelContext): void {
  const size = countOf(inputDims(context.node, 0));
  context.destination(0).store(context.block, [], literal('int64', size));
}

export const creationRules: Readonly<Record<string, LoweringRule>> = {
  ConstantOfShape: constantOfShape,
  Range: rangeRule,
  EyeLike: eyeLike,
  Trilu: trilu,
  OneHot: oneHot,
  Shape: { reads: many, kernel: writeShape },
  Size: { reads: many, kernel: writeSize },
};
