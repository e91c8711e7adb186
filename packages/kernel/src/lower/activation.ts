/** The activation that an anchor applies to its result, from its `activation` attributes. */

import { optionalAttribute } from '@whittle/ir';
import { Block } from '../block.js';
import { variable } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { expressionsIn, exprsOf, statementsIn } from '../traverse.js';
import type { Convolution } from './convolution-shape.js';
import type { ElementContext, KernelContext } from './rule.js';
import { unaryFunctions } from './scalar-functions.js';

/** Ops that take many steps, and so many registers. */
const costly: ReadonlySet<string> = new Set(['exp', 'log', 'tanh', 'erf', 'pow', 'sin', 'cos']);

/** What the activation of a contraction is applied to: each sum, or what has been stored of many. */
export type ActivationPlace = 'sum' | 'run' | 'image';

/**
 * With vectors, a costly activation waits until the sums of a run of tiles are stored: then it is a
 * loop of its own over what the first cache still has. Where `columns` are no whole vectors, it waits
 * for the image, which is dense.
 */
export function placeOfActivation(context: KernelContext, columns: number): ActivationPlace {
  const { lanes, grid } = context.target;
  // A thread has no second look at what others have stored.
  if (grid !== undefined) return 'sum';
  // Other dtypes have no vectors, and 16-bit floats would be rounded before they are activated.
  const inVectors = lanes > 1 && context.outputType(0) === 'float32';
  if (!inVectors || !isCostly(context)) return 'sum';
  return columns % lanes === 0 ? 'run' : 'image';
}

/** The same for a convolution; undefined where its caller applies the activation. */
export function activationOf(
  context: KernelContext,
  { activatesLater }: Convolution,
  columns: number,
): ActivationPlace | undefined {
  return activatesLater ? undefined : placeOfActivation(context, columns);
}

function isCostly(context: KernelContext): boolean {
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
