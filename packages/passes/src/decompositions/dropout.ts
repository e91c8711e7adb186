/** Dropout that drops nothing, whether it trains or not. */

import { tensorOf } from '@whittle/ir';
import { scalarValue } from '../shared/constants.js';
import { decomposition } from './decomposition.js';

export const dropout = [
  decomposition('Dropout', 'dropout(x, 0) → x, true', ({ root }, rewriter) => {
    const [x, ratio] = root.inputs;
    if (!x || scalarValue(ratio) !== 0) return undefined;
    if (!root.outputs[1]) return x;
    const shape = rewriter.op('Shape', [x]);
    return [x, rewriter.op('ConstantOfShape', [shape], { value: tensorOf('bool', [1], [1]) })];
  }),
];
