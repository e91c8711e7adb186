/** Quantization by what is found in the data. */

import type { Rewriter, Value } from '@whittle/ir';
import { stepsOf } from '../shared/steps.js';
import { decomposition } from './decomposition.js';

export const quantization = [
  decomposition(
    'DynamicQuantizeLinear',
    'dynamic_quantize(x) → quantize(x, s, z), s, z; s = (max(x, 0) − min(x, 0)) / 255, z = quantize(−min, s)',
    ({ root }, rewriter) => {
      const [x] = root.inputs;
      return x && dynamicallyQuantized(x, rewriter);
    },
  ),
];

/** Where all elements are 0, the scale is 1. */
function dynamicallyQuantized(x: Value, rewriter: Rewriter): readonly Value[] {
  const steps = stepsOf(rewriter);
  const axes = (x.type?.dims ?? []).map((_, axis) => axis);
  const least = steps.apply('Min', [steps.reduce('ReduceMin', x, axes, 0), 0]);
  const most = steps.apply('Max', [steps.reduce('ReduceMax', x, axes, 0), 0]);
  const step = steps.apply('Div', [steps.apply('Sub', [most, least]), 255]);
  const scale = steps.apply('Where', [steps.apply('Equal', [most, least]), 1, step]);
  const zero = rewriter.op('QuantizeLinear', [rewriter.op('Neg', [least]), scale]);
  return [rewriter.op('QuantizeLinear', [x, scale, zero]), scale, zero];
}
