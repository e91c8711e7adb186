/**
 * The sigmoid, and what else models write with exponentials where they have no op for it.
 *
 * Source: softplus as torchlib, TensorFlow and JAX write it.
 */

import { any, constant, type Match, op, type RewriteRule, scalar } from '@whittle/ir';
import { scalarValue } from '../shared/constants.js';
import { activationRule, keepsFloats } from './activation-rule.js';

const x = any('x');
const one = scalar(1);
/** 1 + e^−x, whose inverse is the sigmoid. */
const inverseSigmoid = op('Add', one, op('Exp', op('Neg', x)));

export const softGateRules: readonly RewriteRule[] = [
  activationRule('1 / (1 + e^−x) → sigmoid(x)', op('Div', one, inverseSigmoid), 'Sigmoid'),
  activationRule('1 / (1 + e^−x) → sigmoid(x)', op('Reciprocal', inverseSigmoid), 'Sigmoid'),
  activationRule(
    'x / (1 + |x|) → softsign(x)',
    op('Div', x, op('Add', one, op('Abs', x))),
    'Softsign',
  ),
  activationRule('ln(1 + e^x) → softplus(x)', op('Log', op('Add', one, op('Exp', x))), 'Softplus'),
  activationRule(
    'relu(x) + softplus(−|x|) → softplus(x)',
    op('Add', op('Relu', x), op('Softplus', op('Neg', op('Abs', x)))),
    'Softplus',
  ),
  {
    algebra: 'where(x > c, x, softplus(x)) → softplus(x), where that is x above c',
    pattern: op('Where', op('Greater', x, constant('c')), x, op('Softplus', x)),
    guard: (match) => keepsFloats(match) && isLinearAbove(match),
    build: (match, rewriter) => rewriter.op('Softplus', [match.value('x')]),
  },
];

/** Softplus is x + ln(1 + e^−x), where the second term is below half a unit of the last place of x. */
function isLinearAbove(match: Match): boolean {
  const c = scalarValue(match.value('c'));
  return c !== undefined && c >= (match.value('x').type?.dtype === 'float64' ? 40 : 17);
}
