/** Ops that keep the elements and their order: views where strides can say it, else copies. */

import type { Block } from '../block.js';
import { literal } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { reshapeView } from '../view.js';
import { ravel, unravel } from './index-math.js';
import type { ElementContext, LoweringRule } from './rule.js';

const once = (): 'once' => 'once';

const reshaping: LoweringRule = {
  reads: once,
  view: (context, input) => reshapeView(input, context.outputDims(0)),
  element: readReshaped,
};

function readReshaped(context: ElementContext, block: Block, at: readonly Expr[]): Expr {
  const operand = context.operand(0);
  const dims = context.outputDims(0);
  const lone = unitAxesOnly(at, dims, operand.dims);
  if (lone !== undefined) return operand.read(block, lone);
  return operand.read(block, unravel(block.let('p', ravel(at, dims)), operand.dims));
}

/** Where only axes of extent 1 come or go, the other coordinates stay what they are. */
function unitAxesOnly(
  at: readonly Expr[],
  from: readonly number[],
  to: readonly number[],
): Expr[] | undefined {
  const kept = at.filter((_, axis) => from[axis] !== 1);
  const extents = from.filter((dim) => dim !== 1);
  const wanted = to.filter((dim) => dim !== 1);
  const same = extents.length === wanted.length && extents.every((dim, i) => dim === wanted[i]);
  if (!same) return undefined;
  let next = 0;
  return to.map((dim) => (dim === 1 ? literal('index', 0) : (kept[next++] ?? literal('index', 0))));
}

const identity: LoweringRule = {
  reads: once,
  view: (_, input) => input,
  element: (context, block, at) => context.operand(0).read(block, at),
};

export const reshapingRules: Readonly<Record<string, LoweringRule>> = {
  Reshape: reshaping,
  Flatten: reshaping,
  Squeeze: reshaping,
  Unsqueeze: reshaping,
  Identity: identity,
  Dropout: {
    reads: once,
    view: (_, input, output) => (output === 0 ? input : undefined),
    element: (context, block, at, output) =>
      output === 0 ? context.operand(0).read(block, at) : literal('bool', 1),
  },
};
