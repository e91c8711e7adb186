/**
 * Products of x with a gate of x.
 *
 * Source: silu, mish and hard-swish as PyTorch, TensorFlow's models and Paddle write them.
 */

import {
  any,
  type Match,
  node,
  op,
  type RewriteRule,
  requiredAttribute,
  scalar,
} from '@whittle/ir';
import { activationRule, keepsFloats } from './activation-rule.js';
import { quotientsOf } from './products.js';

const x = any('x');

export const gatedActivations: readonly RewriteRule[] = [
  activationRule('x · sigmoid(x) → silu(x)', op('Mul', x, op('Sigmoid', x)), 'Silu'),
  activationRule(
    'x / (1 + e^−x) → silu(x)',
    op('Div', x, op('Add', scalar(1), op('Exp', op('Neg', x)))),
    'Silu',
  ),
  activationRule(
    'x · tanh(softplus(x)) → mish(x)',
    op('Mul', x, op('Tanh', op('Softplus', x))),
    'Mish',
  ),

  ...quotientsOf(x, op('Clip', op('Add', x, scalar(3)), scalar(0), scalar(6)), 6).map((pattern) =>
    activationRule('x · clip(x + 3, 0, 6) / 6 → hard_swish(x)', pattern, 'HardSwish'),
  ),
  {
    algebra: 'x · hard_sigmoid(x; ⅙, ½) → hard_swish(x)',
    pattern: op('Mul', x, node('gate', 'HardSigmoid', x)),
    guard: (match) => keepsFloats(match) && isGateOfHardSwish(match),
    build: (match, rewriter) => rewriter.op('HardSwish', [match.value('x')]),
  },
];

/**
 * Attributes are f32 in a model file, whatever the text of the exporter said: ⅙, or the 0.1666667
 * that Paddle has as its default, which is two units in the last place above it.
 */
function isGateOfHardSwish(match: Match): boolean {
  const gate = match.node('gate');
  const alpha = Math.fround(requiredAttribute(gate, 'alpha', 'float'));
  const isSixth = alpha === Math.fround(1 / 6) || alpha === Math.fround(0.1666667);
  return isSixth && requiredAttribute(gate, 'beta', 'float') === 0.5;
}
