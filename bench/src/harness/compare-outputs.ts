/** All outputs of a model, whole, beside those that it should give. */

import { compareTensors, type TensorComparison, type Tensors } from '@whittle/compiler';

export interface OutputsComparison {
  /** False where there is nothing to compare, too. */
  readonly agrees: boolean;
  readonly outputs: number;
  readonly elements: number;
  /** The largest error of any output by the largest element of that output. */
  readonly relativeError: number;
  readonly problems: readonly string[];
}

/** What whole float32 models are held to: the largest error by the largest output. */
const tolerance = { absolute: 0, relative: 1e-4 };

export function compareOutputs(actual: Tensors, expected: Tensors): OutputsComparison {
  const comparisons = Object.entries(expected).map(([name, tensor]): TensorComparison => {
    const given = actual[name];
    if (given !== undefined) return compareTensors(given, tensor, tolerance);
    const infinite = { maxAbsoluteError: Infinity, maxRelativeError: Infinity };
    return { agrees: false, elements: 0, ...infinite, problem: `there is no output "${name}"` };
  });
  const elements = comparisons.reduce((sum, comparison) => sum + comparison.elements, 0);
  return {
    agrees: elements > 0 && comparisons.every(({ agrees }) => agrees),
    outputs: comparisons.length,
    elements,
    relativeError: Math.max(0, ...comparisons.map(({ maxRelativeError }) => maxRelativeError)),
    problems: comparisons.flatMap(({ problem }) => problem ?? []),
  };
}
