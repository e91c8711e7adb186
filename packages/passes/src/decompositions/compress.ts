/** Compress: what is chosen are the elements at the indices at which the condition is not zero. */

import { optionalAttribute } from '@whittle/ir';
import { stepsOf } from '../shared/steps.js';
import { decomposition } from './decomposition.js';

export const compress = [
  decomposition('Compress', 'compress(x, c) → gather(x, nonzero(c))', ({ root }, rewriter) => {
    const [x, condition] = root.inputs;
    if (!x || !condition) return undefined;
    const steps = stepsOf(rewriter);
    const axis = optionalAttribute(root, 'axis', 'int');
    const data = axis === undefined ? steps.reshape(x, [-1]) : x;
    const places = rewriter.op('NonZero', [condition]);
    const indices = rewriter.op('Squeeze', [places, steps.ints([0])]);
    return rewriter.op('Gather', [data, indices], { axis: axis ?? 0 });
  }),
];
