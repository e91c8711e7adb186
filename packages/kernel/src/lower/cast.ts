/** Conversions between element types. */

import { cast } from '../expr.js';
import type { LoweringRule } from './rule.js';
import { isFloatType } from './scalar-types.js';
import { settled } from './settled.js';

/** Cast and CastLike; of the latter's second input only the type matters. */
export const castRule: LoweringRule = {
  reads: (_, input) => (input === 0 ? 'once' : 'many'),
  element: (context, block, at) => {
    const to = context.outputType(0);
    const operand = context.operand(0);
    const element = operand.read(block, at);
    const x = isFloatType(to) ? element : settled(operand, element);
    // In registers 16-bit floats are float32; going through their own type rounds to what they hold.
    return to === 'float16' || to === 'bfloat16' ? cast(cast(x, to), 'float32') : cast(x, to);
  },
};
