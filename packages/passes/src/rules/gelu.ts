/**
 * The Gaussian error linear unit, x · (1 + erf(x / √2)) / 2, and its approximation by tanh, in the
 * orders that exporters and the models they export write.
 *
 * Source: `gelu` in PyTorch's symbolic functions, torchlib, TensorFlow, BERT and Paddle2ONNX.
 */

import { any, type NodePattern, oneOf, op, type RewriteRule, scalar } from '@whittle/ir';
import { activationRule } from './activation-rule.js';
import { anyProduct, quotientsOf } from './products.js';

const x = any('x');
const one = scalar(1);
const half = scalar(0.5);
const squared = op('Pow', x, scalar(2));
const cubed = op('Pow', x, scalar(3));

const erf = op('Erf', oneOf(op('Div', x, scalar(Math.SQRT2)), op('Mul', x, scalar(Math.SQRT1_2))));

const slope = scalar(Math.sqrt(2 / Math.PI));
const bend = scalar(0.044715);
const bentCube = oneOf(
  anyProduct(bend, x, x, x),
  anyProduct(bend, squared, x),
  op('Mul', bend, cubed),
);
const bentSquare = oneOf(anyProduct(bend, x, x), op('Mul', bend, squared));
const tanh = op(
  'Tanh',
  oneOf(op('Mul', slope, op('Add', x, bentCube)), anyProduct(slope, x, op('Add', one, bentSquare))),
);

export const geluRules: readonly RewriteRule[] = [
  ...gatesOf(erf).map((pattern) =>
    activationRule('x · (1 + erf(x / √2)) / 2 → gelu(x)', pattern, 'Gelu'),
  ),
  ...gatesOf(tanh).map((pattern) =>
    activationRule(
      'x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))) / 2 → gelu(x; tanh)',
      pattern,
      'Gelu',
      { approximate: 'tanh' },
    ),
  ),
];

/** x · (1 + bell) / 2, halved at each of the places where that can be done. */
function gatesOf(bell: NodePattern): readonly NodePattern[] {
  return [
    ...quotientsOf(x, op('Add', bell, one), 2),
    op('Mul', x, op('Add', op('Mul', bell, half), half)),
  ];
}
