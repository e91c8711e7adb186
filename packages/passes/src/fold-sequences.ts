/**
 * Takes sequences and optionals apart where it is known when compiling what is in them: of those that only
 * the graph itself makes and reads nothing is left.
 *
 *     %s = SequenceConstruct(%a, %b)
 *     %t = SequenceInsert(%s, %c)
 *     %y = SequenceAt(%t, −1)
 *   →
 *     %y = %c
 */

import { type Pass, rewriteGraph } from '@whittle/ir';
import { optionals } from './rules/optionals.js';
import { sequenceReads } from './rules/sequence-reads.js';
import { sequences } from './rules/sequences.js';

const rules = [...sequences, ...sequenceReads, ...optionals];

/** The ops that are gone where it is known what they hold. */
export const sequenceOps: ReadonlySet<string> = new Set(
  ['SequenceConstruct', 'Optional', ...rules.flatMap(({ pattern }) => pattern.ops)].filter(
    (op) => op !== 'Identity',
  ),
);

export const foldSequences: Pass = {
  id: 'fold-sequences',
  summary: 'Replaces sequences and optionals by the tensors in them, where these are known.',
  run: (graph) => rewriteGraph(graph, rules),
};
