/** The activation that an anchor applies to its result, from its `activation` attributes. */

import { optionalAttribute } from '@whittle/ir';
import { Block } from '../block.js';
import { variable } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { expressionsIn, exprsOf, statementsIn } from '../traverse.js';
import type { ElementContext, KernelContext } from './rule.js';
import { unaryFunctions } from './scalar-functions.js';

/** Ops that take many steps, and so many registers. */
const costly: ReadonlySet<string> = new Set(['exp', 'log', 'tanh', 'erf', 'pow', 'sin', 'cos']);

/**
 * Whether the sums of a tile are better stored first and activated then, one vector after another:
 * on targets with vectors, where all the sums stay in registers until they are stored.
 */
export function activatesApart(context: KernelContext): boolean {
  if (context.target.lanes === 1) return false;
  const tried = new Block();
  const result = applyActivation(context, tried, variable('x', 'float32'));
  const written = [...statementsIn(tried.stmts)].flatMap(exprsOf);
  return [...written, result].some((expr) =>
    [...expressionsIn(expr)].some((part) => 'op' in part && costly.has(part.op)),
  );
}

export function applyActivation(context: ElementContext, block: Block, x: Expr): Expr {
  const activation = optionalAttribute(context.node, 'activation', 'string');
  if (activation === undefined || activation === '') return x;
  const params = optionalAttribute(context.node, 'activation_params', 'floats') ?? [];
  const apply = Object.hasOwn(unaryFunctions, activation) ? unaryFunctions[activation] : undefined;
  if (apply === undefined) return context.unsupported(`has no activation "${activation}"`);
  return apply(block, block.let('s', x), params);
}
