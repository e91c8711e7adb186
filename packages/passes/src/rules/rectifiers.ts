/**
 * Rectifiers, which keep what is positive and scale the rest.
 *
 * Source: leaky ReLU as the larger of two, after tf2onnx; PReLU as Keras writes it.
 */

import {
  absent,
  any,
  constant,
  type NodePattern,
  op,
  type Replacement,
  type RewriteRule,
  type Rewriter,
  scalar,
  type Value,
} from '@whittle/ir';
import { scalarValue, uniformValue } from '../shared/constants.js';
import { doublesOf, floatsOf, negated, roundedTensor } from '../shared/floats.js';
import { activationRule, keepsFloats } from './activation-rule.js';
import { inEitherOrder } from './either-order.js';

const x = any('x');
const zero = constant('zero');
const slope = constant('slope');
const negativePart = op('Relu', op('Neg', x));

export const rectifierRules: readonly RewriteRule[] = [
  ...inEitherOrder('Max', x, zero).map((pattern) => reluRule('max(x, 0) → relu(x)', pattern)),
  reluRule('clip(x, 0, ∞) → relu(x)', op('Clip', x, zero, absent)),
  reluRule('clip(x, 0, ∞) → relu(x)', op('Clip', x, zero, scalar(Infinity))),
  ...inEitherOrder('Max', x, op('Mul', x, slope)).map(
    (pattern): RewriteRule => ({
      algebra: 'max(x, x · a) → leaky_relu(x; a), where 0 ≤ a ≤ 1',
      pattern,
      guard: (match) => {
        const alpha = scalarValue(match.value('slope'));
        return alpha !== undefined && alpha >= 0 && alpha <= 1 && keepsFloats(match);
      },
      build: (match, rewriter) => rectify(match.value('x'), match.value('slope'), rewriter),
    }),
  ),
  {
    algebra: 'relu(x) − a · relu(−x) → prelu(x, a)',
    pattern: op('Sub', op('Relu', x), op('Mul', slope, negativePart)),
    guard: keepsFloats,
    build: (match, rewriter) => rectify(match.value('x'), match.value('slope'), rewriter),
  },
  {
    algebra: 'relu(x) + a · relu(−x) → prelu(x, −a)',
    pattern: op('Add', op('Relu', x), op('Mul', slope, negativePart)),
    guard: keepsFloats,
    build: (match, rewriter) => {
      const { name } = match.value('slope');
      const slopes = floatsOf(match.tensor('slope'));
      const values = doublesOf(match.tensor('slope'));
      if (slopes === undefined || values === undefined) return undefined;
      const opposite = roundedTensor(slopes, match.tensor('slope').dims, negated(values));
      return rectify(match.value('x'), rewriter.constant(opposite, name), rewriter);
    },
  },
  {
    algebra: 'prelu(x, one slope) → leaky_relu(x)',
    pattern: op('PRelu', x, slope),
    guard: (match) => numberOf(match.value('slope')) !== undefined && keepsFloats(match),
    build: (match, rewriter) => rectify(match.value('x'), match.value('slope'), rewriter),
  },
];

/** Where the bound is −0, the larger of two zeros may be −0 as well, which a quotient shows. */
function reluRule(algebra: string, pattern: NodePattern): RewriteRule {
  const rule = activationRule(algebra, pattern, 'Relu');
  return {
    ...rule,
    guard: (match) => keepsFloats(match) && Object.is(scalarValue(match.value('zero')), 0),
  };
}

function rectify(x: Value, slope: Value, rewriter: Rewriter): Replacement {
  const alpha = numberOf(slope);
  return alpha === undefined
    ? rewriter.op('PRelu', [x, slope])
    : rewriter.op('LeakyRelu', [x], { alpha });
}

/** The one number that a slope is, where an attribute holds it: in a model file they are f32. */
function numberOf(slope: Value): number | undefined {
  const alpha = uniformValue(slope);
  return alpha !== undefined && Math.fround(alpha) === alpha ? alpha : undefined;
}
