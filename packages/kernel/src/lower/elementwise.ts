/** The rules of elementwise ops, made from the tables of scalar functions. */

import { findOp, type Node, optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { binary, cast, index, literal, select } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import type { ElementContext, LoweringRule, Operand } from './rule.js';
import { binaryFunctions, unaryFunctions } from './scalar-functions.js';

/** A rule whose output element is `compute` of the operands' elements at the same position. */
function elementwise(
  compute: (context: ElementContext, block: Block, operands: readonly Expr[]) => Expr,
): LoweringRule {
  return {
    reads: readsOnceUnlessBroadcast,
    element: (context, block, at) => {
      const operands = context.node.inputs.flatMap((input, i) =>
        input === undefined ? [] : [block.let('v', readBroadcast(context.operand(i), block, at))],
      );
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
export function readsOnceUnlessBroadcast(node: Node, input: number): 'once' | 'many' {
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

const unaryRules = Object.entries(unaryFunctions).map(([op, apply]): [string, LoweringRule] => [
  op,
  elementwise((context, block, [x = zero]) => apply(block, x, floatAttributes(context.node))),
]);

const binaryRules = Object.entries(binaryFunctions).map(([op, apply]): [string, LoweringRule] => [
  op,
  elementwise((_, block, [a = zero, b = zero]) => apply(block, a, b)),
]);

/** Clip's bounds are inputs and may be absent, or computed. */
const clip: LoweringRule = {
  reads: (_, input) => (input === 0 ? 'once' : 'many'),
  element: (context, block, at) => {
    let x = context.operand(0).read(block, at);
    if (context.has(1)) x = binary('max', x, context.operand(1).read(block, []));
    if (context.has(2)) x = binary('min', x, context.operand(2).read(block, []));
    return x;
  },
};

export const elementwiseRules: Readonly<Record<string, LoweringRule>> = {
  ...Object.fromEntries(unaryRules),
  ...Object.fromEntries(binaryRules),
  Clip: clip,
  Where: elementwise((_, _block, [condition = zero, a = zero, b = zero]) =>
    select(condition, a, b),
  ),
  Cast: elementwise((context, _, [x = zero]) => cast(x, context.outputType(0))),
};
