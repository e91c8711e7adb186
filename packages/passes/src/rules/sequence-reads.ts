/** What makes tensors of a sequence whose tensors are known. */

import { int64Tensor, op, type RewriteRule, requiredAttribute, tensorOf } from '@whittle/ir';
import { placeOf, sequence, tensorsOf } from './sequences.js';

export const sequenceReads: readonly RewriteRule[] = [
  {
    algebra: 'at((a, b), 1) → b',
    pattern: op('SequenceAt', sequence),
    build: (match) => {
      const tensors = tensorsOf(match);
      const [, position] = match.root.inputs;
      const at = position && placeOf(position, tensors.length, tensors.length - 1);
      return at === undefined ? undefined : tensors[at];
    },
  },
  {
    algebra: 'length((a, b)) → 2',
    pattern: op('SequenceLength', sequence),
    build: (match, rewriter) => rewriter.constant(tensorOf('int64', [], [tensorsOf(match).length])),
  },
  {
    algebra: 'concat_from_sequence((a, b)) → concat(a, b)',
    pattern: op('ConcatFromSequence', sequence),
    build: (match, rewriter) => {
      const tensors = tensorsOf(match);
      if (tensors.length === 0) return undefined;
      const axis = requiredAttribute(match.root, 'axis', 'int');
      if (requiredAttribute(match.root, 'new_axis', 'int') === 0) {
        return rewriter.op('Concat', tensors, { axis });
      }
      const axes = rewriter.constant(int64Tensor([axis]));
      const rows = tensors.map((tensor) => rewriter.op('Unsqueeze', [tensor, axes]));
      return rewriter.op('Concat', rows, { axis });
    },
  },
];
