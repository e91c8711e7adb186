/** Ops whose elements follow from their position, and masks. */

import {
  bfloat16ToNumber,
  float16ToNumber,
  integersOf,
  optionalAttribute,
  type Tensor,
  typedArrayOf,
} from '@whittle/ir';
import { add, binary, cast, index, isLiteral, literal, mul, select, sub } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { range } from '../schedule/contraction.js';
import { compare, coordinate, inputDims, normalizeAxis } from './index-math.js';
import { readScalar } from './read-scalar.js';
import type { KernelContext, LoweringRule } from './rule.js';
import { arithmeticType } from './scalar-types.js';
import { anyTail, countAlong } from './tails.js';

const many = (): 'many' => 'many';

const constantOfShape: LoweringRule = {
  allowsTails: anyTail,
  element: (context) => {
    const type = arithmeticType(context.outputType(0));
    const value = optionalAttribute(context.node, 'value', 'tensor');
    return literal(type, value === undefined ? 0 : firstElement(value));
  },
};

/** The number that a tensor begins with, which 16-bit floats hold as bits and 64-bit integers as more than a double. */
function firstElement(tensor: Tensor): number | bigint {
  const [element = 0] = typedArrayOf(tensor);
  if (tensor.dtype === 'float16') return float16ToNumber(Number(element));
  return tensor.dtype === 'bfloat16' ? bfloat16ToNumber(Number(element)) : element;
}

const rangeRule: LoweringRule = {
  reads: many,
  allowsTails: anyTail,
  element: (context, block, at) => {
    const start = readScalar(context, block, 0);
    const delta = readScalar(context, block, 2);
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
  allowsTails: anyTail,
  reads: (_, input) => (input === 0 ? 'once' : 'many'),
  element: (context, block, at) => {
    const x = context.operand(0).read(block, at);
    const rank = at.length;
    const k = context.has(1) ? cast(readScalar(context, block, 1), 'index') : index(0);
    const diagonal = sub(coordinate(at, rank - 1), coordinate(at, rank - 2));
    const upper = (optionalAttribute(context.node, 'upper', 'int') ?? 1) !== 0;
    return select(binary(upper ? 'ge' : 'le', diagonal, k), x, literal(x.dtype, 0));
  },
};

/** An index below 0 counts from the end; one out of bounds is nowhere on. */
const oneHot: LoweringRule = {
  reads: many,
  // An index below 0 counts from the depth.
  allowsTails: (node) => integersOf(node.inputs[1]) !== undefined,
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

/** What of Shape and Size is known by now, optimised graphs hold as constants. */
function writeShape(context: KernelContext): void {
  const { node } = context;
  const dims = inputDims(node, 0);
  const place = (axis: number): number =>
    Math.min(Math.max(axis < 0 ? axis + dims.length : axis, 0), dims.length);
  const start = place(optionalAttribute(node, 'start', 'int') ?? 0);
  const end = place(optionalAttribute(node, 'end', 'int') ?? dims.length);
  const y = context.destination(0);
  range(dims.length)
    .slice(start, end)
    .forEach((axis, i) => {
      y.store(context.block, [index(i)], wideOf(context.inputSize(0, axis)));
    });
}

function writeSize(context: KernelContext): void {
  const axes = range(inputDims(context.node, 0).length);
  context.destination(0).store(context.block, [], wideOf(countAlong(context, axes)));
}

function wideOf(size: Expr): Expr {
  return isLiteral(size) ? literal('int64', size.value) : cast(size, 'int64');
}

export const creationRules: Readonly<Record<string, LoweringRule>> = {
  ConstantOfShape: constantOfShape,
  Range: rangeRule,
  EyeLike: eyeLike,
  Trilu: trilu,
  OneHot: oneHot,
  Shape: { reads: many, allowsTails: anyTail, kernel: writeShape },
  Size: { reads: many, allowsTails: anyTail, kernel: writeSize },
};
