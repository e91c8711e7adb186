/** The rules of elementwise ops, made from the tables of scalar functions. */

import { findOp, type Node, optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, binary, index, isLiteral, literal, select } from '../expr.js';
import type { BinaryOp, Expr } from '../loop-ir.js';
import { castRule } from './cast.js';
import type { ElementContext, LoweringRule, Operand } from './rule.js';
import { binaryFunctions, tanhGelu, unaryFunctions } from './scalar-functions.js';
import { isFloatType } from './scalar-types.js';
import { settled } from './settled.js';

/** A rule whose output element is `compute` of the operands' elements at the same position. */
function elementwise(
  compute: (context: ElementContext, block: Block, operands: readonly Expr[]) => Expr,
  finish: (operand: Operand, x: Expr) => Expr = (_, x) => x,
): LoweringRule {
  return {
    reads: readsOnceUnlessBroadcast,
    element: (context, block, at) => {
      const operands = context.node.inputs.flatMap((input, i) => {
        if (input === undefined) return [];
        const operand = context.operand(i);
        return [block.let('v', finish(operand, readBroadcast(operand, block, at)))];
      });
      return compute(context, block, operands);
    },
  };
}

/** The element of an operand that NumPy's broadcasting puts at an index of the result. */
export function readBroadcast(operand: Operand, block: Block, at: readonly Expr[]): Expr {
  const own = at.slice(at.length - operand.dims.length);
  return operand.read(
    block,
    own.map((position, axis) => (operand.dims[axis] === 1 ? index(0) : position)),
  );
}

/** An input as large as the output is read once; one that is broadcast is read again and again. */
function readsOnceUnlessBroadcast(node: Node, input: number): 'once' | 'many' {
  const count = (dims: readonly unknown[] | undefined): number =>
    (dims ?? []).reduce<number>((product, dim) => product * Number(dim), 1);
  const own = count(node.inputs[input]?.type?.dims);
  return own === count(node.outputs[0]?.type?.dims) ? 'once' : 'many';
}

/** The float attributes of a node, in the order of its record. */
function floatAttributes(node: Node): number[] {
  const specs = Object.entries(findOp(node.op)?.attributes ?? {});
  return specs.flatMap(([name, spec]) =>
    spec.kind === 'float' ? [optionalAttribute(node, name, 'float') ?? 0] : [],
  );
}

const zero = literal('float32', 0);

/** Ops whose result jumps where an operand crosses a value. */
const jumps: ReadonlySet<string> = new Set([
  ...['Floor', 'Ceil', 'Round', 'Sign'],
  ...['Equal', 'Less', 'LessOrEqual', 'Greater', 'GreaterOrEqual'],
]);

const unaryRules = Object.entries(unaryFunctions).map(([op, apply]): [string, LoweringRule] => [
  op,
  elementwise(
    (context, block, [x = zero]) => apply(block, x, floatAttributes(context.node)),
    jumps.has(op) ? settled : undefined,
  ),
]);

const binaryRules = Object.entries(binaryFunctions).map(([op, apply]): [string, LoweringRule] => [
  op,
  elementwise(
    (_, block, [a = zero, b = zero]) => apply(block, a, b),
    jumps.has(op) ? settled : undefined,
  ),
]);

/** An op over any number of inputs: `combine` from left to right, then `finish`. */
function variadic(
  combine: (a: Expr, b: Expr) => Expr,
  finish: (result: Expr, count: number) => Expr = (result) => result,
): LoweringRule {
  return elementwise((_, _block, [first = zero, ...rest]) =>
    finish(rest.reduce(combine, first), 1 + rest.length),
  );
}

const directly =
  (op: BinaryOp) =>
  (a: Expr, b: Expr): Expr =>
    binary(op, a, b);

/** Clip's bounds are scalars that may be absent, or computed. Infinite ones bound nothing. */
const clip: LoweringRule = {
  reads: (_, input) => (input === 0 ? 'once' : 'many'),
  element: (context, block, at) => {
    const scalar = (input: number): Expr => {
      const bound = context.operand(input);
      return bound.read(
        block,
        bound.dims.map(() => index(0)),
      );
    };
    const bounded = (x: Expr, op: 'max' | 'min', bound: Expr, none: number): Expr =>
      isLiteral(bound) && bound.value === none ? x : binary(op, x, bound);
    let x = context.operand(0).read(block, at);
    if (context.has(1)) x = bounded(x, 'max', scalar(1), Number.NEGATIVE_INFINITY);
    if (context.has(2)) x = bounded(x, 'min', scalar(2), Number.POSITIVE_INFINITY);
    return x;
  },
};

/** The remainder with the sign of the divisor, or of the dividend where `fmod` says so. */
function remainder({ node }: ElementContext, a: Expr, b: Expr): Expr {
  const truncates = (optionalAttribute(node, 'fmod', 'int') ?? 0) !== 0;
  if (!isFloatType(a.dtype)) return binary(truncates ? 'rem' : 'floormod', a, b);
  return binary('rem', a, b);
}

function shiftBits({ node }: ElementContext, a: Expr, b: Expr): Expr {
  return binary(optionalAttribute(node, 'direction', 'string') === 'LEFT' ? 'shl' : 'shr', a, b);
}

function isInfinite({ node }: ElementContext, x: Expr): Expr {
  const detects = (sign: string): boolean =>
    (optionalAttribute(node, `detect_${sign}`, 'int') ?? 1) !== 0;
  const is = (value: number): Expr => binary('eq', x, literal(x.dtype, value));
  const positive = detects('positive') ? is(Number.POSITIVE_INFINITY) : literal('bool', 0);
  if (!detects('negative')) return positive;
  const negative = is(Number.NEGATIVE_INFINITY);
  return isLiteral(positive) ? negative : binary('or', positive, negative);
}

const special: Readonly<Record<string, LoweringRule>> = {
  Clip: clip,
  Min: variadic(directly('min')),
  Max: variadic(directly('max')),
  Sum: variadic(add),
  Mean: variadic(add, (sum, count) => binary('div', sum, literal(sum.dtype, count))),
  Where: elementwise((_, _block, [condition = zero, a = zero, b = zero]) =>
    select(condition, a, b),
  ),
  Mod: elementwise((context, _, [a = zero, b = zero]) => remainder(context, a, b), settled),
  BitShift: elementwise((context, _, [a = zero, b = zero]) => shiftBits(context, a, b)),
  IsInf: elementwise((context, _, [x = zero]) => isInfinite(context, x), settled),
  Gelu: elementwise((context, block, [x = zero]) =>
    optionalAttribute(context.node, 'approximate', 'string') === 'tanh'
      ? tanhGelu(x)
      : (unaryFunctions.Gelu?.(block, x, []) ?? x),
  ),
  Cast: castRule,
  CastLike: castRule,
};

export const elementwiseRules: Readonly<Record<string, LoweringRule>> = {
  ...Object.fromEntries(unaryRules),
  ...Object.fromEntries(binaryRules),
  ...special,
};
