/** The activation that an anchor applies to its result, from its `activation` attributes. */

import { optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import type { Expr } from '../loop-ir.js';
import type { ElementContext } from './rule.js';
import { unaryFunctions } from './scalar-functions.js';

export function applyActivation(context: ElementContext, block: Block, x: Expr): Expr {
  const activation = optionalAttribute(context.node, 'activation', 'string');
  if (activation === undefined || activation === '') return x;
  const params = optionalAttribute(context.node, 'activation_params', 'floats') ?? [];
  const apply = Object.hasOwn(unaryFunctions, activation) ? unaryFunctions[activation] : undefined;
  if (apply === undefined) return context.unsupported(`has no activation "${activation}"`);
  return apply(block, block.let('s', x), params);
}
