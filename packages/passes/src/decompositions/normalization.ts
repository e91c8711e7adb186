/** Normalisations that others spell. */

import { type DType, requiredAttribute } from '@whittle/ir';
import { dtypeOf, stepsOf } from '../shared/steps.js';
import { decomposition } from './decomposition.js';

export const normalizations = [
  decomposition(
    'RMSNormalization',
    'rms_norm(x, s) → x / √(mean(x²) + ε) · s',
    ({ root }, rewriter) => {
      const [x, scale] = root.inputs;
      if (!x?.type || !scale) return undefined;
      const steps = stepsOf(rewriter);
      const rank = x.type.dims.length;
      const first = requiredAttribute(root, 'axis', 'int');
      const axes = x.type.dims.map((_, axis) => axis).slice(first < 0 ? first + rank : first);
      const wide = steps.cast(x, precise(x.type.dtype));
      const squares = steps.reduce('ReduceMean', steps.apply('Mul', [wide, wide]), axes);
      const epsilon = requiredAttribute(root, 'epsilon', 'float');
      const norm = steps.apply('Sqrt', [steps.apply('Add', [squares, epsilon])]);
      const normal = steps.cast(steps.apply('Div', [wide, norm]), dtypeOf(scale));
      return steps.apply('Mul', [normal, scale]);
    },
  ),
];

/** What sums of squares are held in: `stash_type` asks for f32 at least. */
function precise(dtype: DType): DType {
  return dtype === 'float64' ? dtype : 'float32';
}
