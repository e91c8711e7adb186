/** Losses, in gathers and reductions. */

import { type Match, optionalAttribute, type Rewriter, type Value } from '@whittle/ir';
import { dtypeOf, type Steps, stepsOf } from '../shared/steps.js';
import { decomposition } from './decomposition.js';

export const losses = [
  decomposition(
    'NegativeLogLikelihoodLoss',
    'nll(x, t, w) → reduce(−x[n, t[n,…], …] · w[t[n,…]])',
    (match, rewriter) => {
      const [scores, classes, weights] = match.root.inputs;
      return scores && classes && lossOf(match, rewriter, scores, classes, weights);
    },
  ),
  decomposition(
    'SoftmaxCrossEntropyLoss',
    'cross_entropy(x, t, w) → nll(log_softmax(x), t, w), log_softmax(x)',
    (match, rewriter) => {
      const [scores, classes, weights] = match.root.inputs;
      if (!scores || !classes) return undefined;
      const logarithms = rewriter.op('LogSoftmax', [scores], { axis: 1 });
      return [lossOf(match, rewriter, logarithms, classes, weights), logarithms];
    },
  ),
];

function lossOf(
  match: Match,
  rewriter: Rewriter,
  scores: Value,
  classes: Value,
  weights: Value | undefined,
): Value {
  const steps = stepsOf(rewriter);
  const ignored = optionalAttribute(match.root, 'ignore_index', 'int');
  const isIgnored = ignored === undefined ? undefined : steps.apply('Equal', [classes, ignored]);
  /** What is ignored may be no class at all, and counts as class 0 until it is taken out. */
  const found = isIgnored === undefined ? classes : steps.apply('Where', [isIgnored, 0, classes]);
  const unlessIgnored = (value: Value): Value =>
    isIgnored === undefined ? value : steps.apply('Where', [isIgnored, 0, value]);

  const column = rewriter.op('Unsqueeze', [found, steps.ints([1])]);
  const picked = rewriter.op('GatherElements', [scores, column], { axis: 1 });
  const likelihood = rewriter.op('Squeeze', [picked, steps.ints([1])]);
  const factor = weights && rewriter.op('Gather', [weights, found]);
  const loss = rewriter.op('Neg', [likelihood]);
  const weighted = unlessIgnored(factor ? steps.apply('Mul', [loss, factor]) : loss);
  const shares = factor
    ? unlessIgnored(factor)
    : isIgnored && steps.cast(rewriter.op('Not', [isIgnored]), dtypeOf(scores));
  return reduced(match, steps, weighted, shares);
}

/** In a mean each element counts as much as its share says; without shares, all count the same. */
function reduced(match: Match, steps: Steps, loss: Value, shares: Value | undefined): Value {
  const axes = (loss.type?.dims ?? []).map((_, axis) => axis);
  switch (optionalAttribute(match.root, 'reduction', 'string')) {
    case 'none':
      return loss;
    case 'sum':
      return steps.reduce('ReduceSum', loss, axes, 0);
    default: {
      if (!shares) return steps.reduce('ReduceMean', loss, axes, 0);
      const sum = steps.reduce('ReduceSum', loss, axes, 0);
      return steps.apply('Div', [sum, steps.reduce('ReduceSum', shares, axes, 0)]);
    }
  }
}
