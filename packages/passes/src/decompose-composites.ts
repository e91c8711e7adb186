/**
 * Writes each composite op, one that ONNX itself defines by others, in those others: nothing after this
 * pass knows it, and no target has a rule for it.
 *
 *     %y = RMSNormalization(%x, %scale) {axis = -1, epsilon = 1e-5}
 *   →
 *     %s = Mul(%x, %x)
 *     %m = ReduceMean(%s, [-1])
 *     %d = Sqrt(Add(%m, 1e-5))
 *     %y = Mul(Div(%x, %d), %scale)
 */

import { type Pass, rewriteGraph } from '@whittle/ir';
import { composites } from './decompositions/all.js';

/** The ops that are taken apart, in all their forms or in some. */
export const compositeOps: ReadonlySet<string> = new Set(
  composites.flatMap(({ pattern }) => pattern.ops),
);

export const decomposeComposites: Pass = {
  id: 'decompose-composites',
  summary: 'Writes ops that ONNX defines by other ops in those others.',
  run: (graph) => rewriteGraph(graph, composites),
};
