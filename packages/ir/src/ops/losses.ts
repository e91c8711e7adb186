/** What training minimises. Models that were exported with their loss compute it, too. */

import type { Dim } from '../dim.js';
import type { InferContext, InferredOutput, OpRecord } from '../op-record.js';
import {
  dimAt,
  requireDType,
  requireOneOf,
  requireRank,
  requireRankAtLeast,
  requireSameDim,
  requireSameDType,
} from './checks.js';
import { formals, int, string } from './signature.js';

const attributes = { ignore_index: int(), reduction: string('mean') } as const;

export const lossOps: readonly OpRecord[] = [
  {
    name: 'NegativeLogLikelihoodLoss',
    since: 13,
    summary: '-input at the class that target names, weighted; its mean, its sum, or each',
    inputs: formals('input target weight?'),
    outputs: formals('loss'),
    attributes,
    traits: { fusion: 'opaque' },
    infer: (context) => [lossType(context)],
  },
  {
    name: 'SoftmaxCrossEntropyLoss',
    since: 13,
    summary: 'NegativeLogLikelihoodLoss of the LogSoftmax of scores over the classes',
    inputs: formals('scores labels weights?'),
    outputs: formals('output log_prob?'),
    attributes,
    traits: { fusion: 'opaque' },
    infer: (context) => [lossType(context), context.input(0)],
  },
];

/** Scores are [N, C, …], classes [N, …], weights [C]. */
function lossType(context: InferContext): InferredOutput {
  requireDType(context, 0, 'float');
  requireDType(context, 1, 'index');
  const dtype = requireSameDType(context, [0, 2]);
  const scores = requireRankAtLeast(context, 0, 2);
  const classes = requireRank(context, 1, scores.length - 1);
  if (context.has(2)) {
    const [count] = requireRank(context, 2, 1);
    const wanted = dimAt(context, scores, 1);
    requireSameDim(context, count ?? wanted, wanted, 'weights and classes');
  }
  const dims = [dimAt(context, scores, 0), ...scores.slice(2)].map(
    (dim, axis): Dim =>
      requireSameDim(context, dim, dimAt(context, classes, axis), `dims of axis ${axis}`),
  );
  const reduction = requireOneOf(context, 'reduction', ['mean', 'none', 'sum']);
  return { dtype, dims: reduction === 'none' ? dims : [] };
}
