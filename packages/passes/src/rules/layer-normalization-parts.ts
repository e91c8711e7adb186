/** Patterns of the parts that layer normalisation is written in. `d` is what computes x − μ. */

import { constant, type NodePattern, node, oneOf, op, scalar } from '@whittle/ir';

/** The dividend over one of the divisors, or times one of the factors. */
export function quotients(
  dividend: NodePattern,
  divisors: readonly NodePattern[],
  factors: readonly NodePattern[],
): readonly NodePattern[] {
  return [
    ...divisors.map((divisor) => op('Div', dividend, divisor)),
    ...factors.map((factor) => op('Mul', dividend, factor)),
  ];
}

/** √(σ² + ε) */
export function deviations(d: NodePattern): readonly NodePattern[] {
  return [op('Sqrt', shiftedVariance(d)), op('Pow', shiftedVariance(d), scalar(0.5))];
}

/** 1 / √(σ² + ε) */
export function inverses(d: NodePattern): readonly NodePattern[] {
  const deviation = oneOf(...deviations(d));
  return [
    node('inverse', 'Reciprocal', deviation),
    node('inverse', 'Div', scalar(1), deviation),
    node('inverse', 'Pow', shiftedVariance(d), scalar(-0.5)),
  ];
}

function shiftedVariance(d: NodePattern): NodePattern {
  const squared = oneOf(node('squared', 'Pow', d, scalar(2)), node('squared', 'Mul', d, d));
  return op('Add', node('variance', 'ReduceMean', squared), constant('epsilon'));
}

/** In another dtype. */
export function cast(pattern: NodePattern): NodePattern {
  return op('Cast', pattern);
}
