/**
 * What several nodes of a graph say, in fewer nodes of ONNX. No form of a single node says it, so
 * these take the place of the nodes before the graph is written.
 */

import { type Graph, type RewriteRule, rewriteGraph } from '@whittle/ir';
import { batchNormalizationRule } from './batch-normalization-rule.js';
import { channelNormalizationRule } from './channel-normalization-rule.js';
import { rowNormalizationRule } from './row-normalization-rule.js';

/** A rule for the opsets from `since` on, up to the one before `until`. */
interface JoinedForm {
  readonly since: number;
  readonly until: number;
  readonly rule: RewriteRule;
}

const joinedForms: readonly JoinedForm[] = [
  { since: 9, until: Number.POSITIVE_INFINITY, rule: batchNormalizationRule },
  { since: 7, until: 17, rule: channelNormalizationRule },
  { since: 7, until: 17, rule: rowNormalizationRule },
];

/** The graph as it is best written in `opset`; the same object where that is no other. */
export function joinNodes(graph: Graph, opset: number): Graph {
  const forms = joinedForms.filter(({ since, until }) => since <= opset && opset < until);
  return rewriteGraph(
    graph,
    forms.map(({ rule }) => rule),
  );
}
