/** Ops that keep the elements and their order: views where strides can say it, else copies. */

import type { Node } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, index, literal, mul } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { axesInMemoryOrder, reshapeView } from '../view.js';
import { origin, overAxes } from './axis-loops.js';
import { inputDims, outputDims, ravel, unravel } from './index-math.js';
import type { ElementContext, KernelContext, LoweringRule } from './rule.js';
import { anyTail, keepsTailsLast } from './tails.js';

const once = (): 'once' => 'once';

const reshaping: LoweringRule = {
  reads: once,
  allowsTails: keepsTailsLast,
  view: (context, input) => reshapeView(input, context.outputDims(0)),
  inverse: (context, output) => reshapeView(output, context.inputDims(0)),
  element: readReshaped,
  kernelTakes: (node) => commonSplit(node) !== undefined,
  kernel: moveReshaped,
};

function readReshaped(context: ElementContext, block: Block, at: readonly Expr[]): Expr {
  const operand = context.operand(0);
  const dims = context.outputDims(0);
  return operand.read(block, unravel(block.let('p', ravel(at, dims)), operand.dims));
}

/** Loops over dims that both sides are made of, so that no index is divided. */
function moveReshaped(context: KernelContext): void {
  const x = context.operand(0);
  const y = context.destination(0);
  const dims = commonSplit(context.node) ?? y.dims;
  const split = reshapeView(y.view, dims);
  const order = split === undefined ? dims.map((_, axis) => axis) : axesInMemoryOrder(split);
  overAxes(context.block, dims, order, origin(dims), (inner, at) =>
    y.store(inner, mergeAxes(at, dims, y.dims), x.read(inner, mergeAxes(at, dims, x.dims))),
  );
}

/**
 * The fewest dims that those of input and output are products of: `[2, 12]` and `[6, 4]` are both
 * made of `[2, 3, 4]`. Undefined where there are none, as for `[2, 3]` and `[3, 2]`.
 */
function commonSplit(node: Node): readonly number[] | undefined {
  const [from, to] = [inputDims(node, 0), outputDims(node, 0)];
  if (from.includes(0)) return undefined;
  const sizes = new Set([...elementsBehind(from), ...elementsBehind(to)]);
  const ascending = [...sizes].sort((a, b) => a - b);
  const dims = ascending.slice(1).map((size, i) => size / (ascending[i] ?? 1));
  return dims.every(Number.isInteger) ? dims.reverse() : undefined;
}

/** For each axis the number of elements of one step along it, and the number of all elements. */
function elementsBehind(dims: readonly number[]): number[] {
  const sizes = [1];
  for (const dim of [...dims].reverse()) sizes.push((sizes.at(-1) ?? 1) * dim);
  return sizes;
}

/** Coordinates in `dims` from those in a split of them. */
function mergeAxes(at: readonly Expr[], split: readonly number[], dims: readonly number[]): Expr[] {
  let next = split.length - 1;
  const merged: Expr[] = dims.map(() => index(0));
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    for (let size = 1; size < (dims[axis] ?? 1); next--) {
      const part = mul(at[next] ?? index(0), index(size));
      merged[axis] = add(part, merged[axis] ?? index(0));
      size *= split[next] ?? 1;
    }
  }
  return merged;
}

const identity: LoweringRule = {
  reads: once,
  allowsTails: anyTail,
  view: (_, input) => input,
  inverse: (_, output) => output,
  element: (context, block, at) => context.operand(0).read(block, at),
};

export const reshapingRules: Readonly<Record<string, LoweringRule>> = {
  Reshape: reshaping,
  Flatten: reshaping,
  Squeeze: reshaping,
  Unsqueeze: reshaping,
  Identity: identity,
  Dropout: {
    reads: (_, input) => (input === 0 ? 'once' : 'many'),
    allowsTails: anyTail,
    view: (context, input, output) => {
      requireInference(context);
      return output === 0 ? input : undefined;
    },
    element: (context, block, at, output) => {
      requireInference(context);
      return output === 0 ? context.operand(0).read(block, at) : literal('bool', 1);
    },
  },
};

/** With `training_mode`, Dropout would draw random numbers. */
function requireInference(context: ElementContext): void {
  if ((context.optionalConstants(2)?.[0] ?? 0) !== 0) context.unsupported('is in training mode');
}
