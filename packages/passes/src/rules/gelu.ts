/** The Gaussian error linear unit, x · (1 + erf(x / √2)) / 2, in the orders that exporters write. */

import { any, type NodePattern, op, type RewriteRule, scalar } from '@whittle/ir';
import { activationRule } from './activation-rule.js';

const x = any('x');

const erfArguments: readonly NodePattern[] = [
  op('Div', x, scalar(Math.SQRT2)),
  op('Mul', x, scalar(Math.SQRT1_2)),
];
const cubes: readonly NodePattern[] = [op('Pow', x, scalar(3)), op('Mul', x, op('Mul', x, x))];

const exact = erfArguments.map((argument) => op('Add', op('Erf', argument), scalar(1)));
const approximate = cubes.map((cube) =>
  op('Add', op('Tanh', op('Mul', innerOf(cube), scalar(Math.sqrt(2 / Math.PI)))), scalar(1)),
);

export const geluRules: readonly RewriteRule[] = [
  ...exact.flatMap((gate) =>
    halvedProducts(gate).map((pattern) =>
      activationRule('x · (1 + erf(x / √2)) / 2 → gelu(x)', pattern, 'Gelu'),
    ),
  ),
  ...approximate.flatMap((gate) =>
    halvedProducts(gate).map((pattern) =>
      activationRule(
        'x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))) / 2 → gelu(x; tanh)',
        pattern,
        'Gelu',
        { approximate: 'tanh' },
      ),
    ),
  ),
];

/** x · gate / 2, halved at each of the places where that can be done. */
function halvedProducts(gate: NodePattern): readonly NodePattern[] {
  const half = scalar(0.5);
  return [
    op('Mul', op('Mul', x, gate), half),
    op('Div', op('Mul', x, gate), scalar(2)),
    op('Mul', op('Mul', x, half), gate),
    op('Mul', op('Div', x, scalar(2)), gate),
    op('Mul', x, op('Mul', gate, half)),
  ];
}

function innerOf(cube: NodePattern): NodePattern {
  return op('Add', x, op('Mul', cube, scalar(0.044715)));
}
