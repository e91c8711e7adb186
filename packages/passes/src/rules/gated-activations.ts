/** Activations made of a gate between 0 and 1, and products of x with such a gate. */

import {
  any,
  constant,
  type Match,
  node,
  op,
  type RewriteRule,
  requiredAttribute,
  scalar,
} from '@whittle/ir';
import { scalarValue } from '../shared/constants.js';
import { activationRule, keepsFloats } from './activation-rule.js';

const x = any('x');
const sixth = 1 / 6;
const hardSigmoidOfSixth = { alpha: Math.fround(sixth), beta: 0.5 };
/** clip(x + 3, 0, 6), the gate of hard-swish times 6. */
const clamped = op('Clip', op('Add', x, scalar(3)), scalar(0), scalar(6));
const hardSigmoid = node('gate', 'HardSigmoid', x);

export const gatedActivations: readonly RewriteRule[] = [
  activationRule('x · sigmoid(x) → silu(x)', op('Mul', x, op('Sigmoid', x)), 'Silu'),
  activationRule(
    'x · tanh(softplus(x)) → mish(x)',
    op('Mul', x, op('Tanh', op('Softplus', x))),
    'Mish',
  ),

  hardSwish(
    'x · clip(x + 3, 0, 6) / 6 → hard_swish(x)',
    op('Div', op('Mul', x, clamped), scalar(6)),
  ),
  hardSwish(
    'x · clip(x + 3, 0, 6) · ⅙ → hard_swish(x)',
    op('Mul', op('Mul', x, clamped), scalar(sixth)),
  ),
  hardSwish(
    'x / 6 · clip(x + 3, 0, 6) → hard_swish(x)',
    op('Mul', op('Div', x, scalar(6)), clamped),
  ),
  hardSwish(
    'x · ⅙ · clip(x + 3, 0, 6) → hard_swish(x)',
    op('Mul', op('Mul', x, scalar(sixth)), clamped),
  ),
  {
    algebra: 'x · hard_sigmoid(x; ⅙, ½) → hard_swish(x)',
    pattern: op('Mul', x, hardSigmoid),
    guard: (match) => keepsFloats(match) && isGateOfHardSwish(match),
    build: (match, rewriter) => rewriter.op('HardSwish', [match.value('x')]),
  },

  activationRule(
    'clip(x + 3, 0, 6) / 6 → hard_sigmoid(x; ⅙, ½)',
    op('Div', clamped, scalar(6)),
    'HardSigmoid',
    hardSigmoidOfSixth,
  ),
  activationRule(
    'clip(x + 3, 0, 6) · ⅙ → hard_sigmoid(x; ⅙, ½)',
    op('Mul', clamped, scalar(sixth)),
    'HardSigmoid',
    hardSigmoidOfSixth,
  ),
  activationRule(
    'clip(x / 6 + ½, 0, 1) → hard_sigmoid(x; ⅙, ½)',
    op('Clip', op('Add', op('Div', x, scalar(6)), scalar(0.5)), scalar(0), scalar(1)),
    'HardSigmoid',
    hardSigmoidOfSixth,
  ),
  {
    algebra: 'clip(x · a + b, 0, 1) → hard_sigmoid(x; a, b)',
    pattern: op(
      'Clip',
      op('Add', op('Mul', x, constant('alpha')), constant('beta')),
      scalar(0),
      scalar(1),
    ),
    guard: keepsFloats,
    build: (match, rewriter) => {
      const alpha = scalarValue(match.value('alpha'));
      const beta = scalarValue(match.value('beta'));
      if (alpha === undefined || beta === undefined) return undefined;
      return rewriter.op('HardSigmoid', [match.value('x')], { alpha, beta });
    },
  },
];

function hardSwish(algebra: string, pattern: RewriteRule['pattern']): RewriteRule {
  return activationRule(algebra, pattern, 'HardSwish');
}

/** Attributes are f32 in a model file, whatever the text of the exporter said. */
function isGateOfHardSwish(match: Match): boolean {
  const gate = match.node('gate');
  const alpha = requiredAttribute(gate, 'alpha', 'float');
  const beta = requiredAttribute(gate, 'beta', 'float');
  return Math.fround(alpha) === Math.fround(sixth) && beta === 0.5;
}
