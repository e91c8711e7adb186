/** Values of which it is known that no element is below 0. */

import type { RewriteContext, Value } from '@whittle/ir';
import { clipBounds } from './constants.js';

/** Ops whose results are not below 0, whatever they are given. */
const rectifying: ReadonlySet<string> = new Set([
  'Abs',
  'Exp',
  'HardSigmoid',
  'Relu',
  'Sigmoid',
  'Softmax',
  'Softplus',
]);

export function isNonNegative(value: Value, context: RewriteContext): boolean {
  const producer = context.producerOf(value);
  if (producer === undefined) return false;
  if (producer.op === 'Clip') return (clipBounds(producer)?.low ?? -1) >= 0;
  return rectifying.has(producer.op);
}
