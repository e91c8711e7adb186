/** An optional is what is in it, and so is a tensor where an optional may stand. */

import { op, type RewriteRule, shared, tensorOf } from '@whittle/ir';
import { sequence } from './sequences.js';

export const optionals: readonly RewriteRule[] = [
  {
    algebra: 'has_element(optional(x)) → true, has_element() → false',
    pattern: op('OptionalHasElement'),
    build: ({ root: { inputs } }, rewriter) => {
      const [optional] = inputs;
      const producer = optional && rewriter.producerOf(optional);
      const isKnown = !optional || optional.type || producer?.op === 'SequenceConstruct';
      if (!isKnown && producer?.op !== 'Optional') return undefined;
      const isThere = producer?.op === 'Optional' ? producer.inputs.length > 0 : optional;
      return rewriter.constant(tensorOf('bool', [], [isThere ? 1 : 0]));
    },
  },
  {
    algebra: 'get_element(optional(x)) → x',
    pattern: op('OptionalGetElement', shared(op('Optional'))),
    build: ({ root: { inputs } }, rewriter) =>
      inputs[0] && rewriter.producerOf(inputs[0])?.inputs[0],
  },
  {
    algebra: 'get_element(tensor) → tensor',
    pattern: op('OptionalGetElement'),
    build: ({ root: { inputs } }) => (inputs[0]?.type ? inputs[0] : undefined),
  },
  {
    algebra: 'get_element(sequence) → sequence',
    pattern: op('OptionalGetElement', sequence),
    build: ({ root: { inputs } }) => inputs[0],
  },
  {
    algebra: 'optional(x) → itself',
    pattern: op('Identity', shared(op('Optional'))),
    build: ({ root: { inputs } }) => inputs[0],
  },
];
