/**
 * Writes control flow without it, for targets that have a grid: they queue kernels, and no kernel decides whether
 * another runs. Both branches of an `If` are computed, and a `Loop` takes all turns that it can take.
 *
 *     %y = If(%c) {then_branch = graph "t" { %a = Relu(%x) … }, else_branch = graph "e" { %b = Neg(%x) … }}
 *   →
 *     %a = Relu(%x)
 *     %b = Neg(%x)
 *     %y = Where(%c, %a, %b)
 *
 * What stays as it is, since shapes differ or nothing bounds the turns, lowering refuses by name.
 */

import {
  allBound,
  integersOf,
  type Match,
  mayStopEarly,
  mostTurnsOf,
  op,
  type Pass,
  type Replacement,
  type RewriteRule,
  type Rewriter,
  rewriteGraph,
  typesEqual,
  type Value,
} from '@whittle/ir';
import { stepsOf } from './shared/steps.js';
import { type Turn, unrolledNodes, unrollLoop } from './shared/unroll-loop.js';

/** A loop that would become more nodes than this stays one. */
const maxNodes = 4096;

const rules: readonly RewriteRule[] = [
  { algebra: 'if(c, a, b) → where(c, a, b)', pattern: op('If'), build: bothBranches },
  { algebra: 'loop(2, f, v) → f(1, f(0, v))', pattern: op('Loop'), build: allTurns },
];

export const flattenControlFlow: Pass = {
  id: 'flatten-control-flow',
  summary: 'On targets with a grid, computes both branches of an If, and all turns of a Loop.',
  run: (graph, { target }) => (target.grid === undefined ? graph : rewriteGraph(graph, rules)),
};

function bothBranches({ root }: Match, rewriter: Rewriter): Replacement | undefined {
  const [condition] = root.inputs;
  const { then_branch, else_branch } = root.regions;
  if (condition === undefined || !then_branch || !else_branch) return undefined;
  const pairs = then_branch.outputs.map(
    ({ value }, i) => [value, else_branch.outputs[i]?.value] as const,
  );
  if (!pairs.every(([a, b]) => areAlike(a, b))) return undefined;
  rewriter.inline(then_branch);
  rewriter.inline(else_branch);
  const holds = scalarOf(condition, rewriter);
  return pairs.map(([a, b], i) => root.outputs[i] && chosen(holds, a, b, rewriter));
}

function allTurns({ root }: Match, rewriter: Rewriter): Replacement | undefined {
  const most = mostTurnsOf(root);
  const { body } = root.regions;
  if (!body || most === undefined || unrolledNodes(most, body) > maxNodes) return undefined;
  if (!mayStopEarly(root)) return unrollLoop(root, most, rewriter, (_, after) => after);
  const carried = body.inputs.slice(2);
  const isStacked = body.outputs.length > 1 + carried.length;
  const isKept = carried.every((value, i) => areAlike(value, body.outputs[i + 1]?.value));
  if (isStacked || !isKept) return undefined;
  return unrollLoop(root, most, rewriter, (before, after): Turn => {
    const known = integersOf(before.condition)?.[0];
    if (known === 1) return after;
    const holds = scalarOf(before.condition, rewriter);
    return {
      condition: rewriter.op('And', [holds, scalarOf(after.condition, rewriter)]),
      carried: after.carried.map((value, i) => chosen(holds, value, before.carried[i], rewriter)),
    };
  });
}

/** Whether one may take the place of the other, whatever their elements. */
function areAlike(a: Value | undefined, b: Value | undefined): boolean {
  return a?.type !== undefined && allBound(a.type.dims) && typesEqual(a.type, b?.type);
}

/** A condition of rank 0, so that it is broadcast to any rank. */
function scalarOf(condition: Value, rewriter: Rewriter): Value {
  const rank = condition.type?.dims.length ?? 0;
  return rank === 0 ? condition : rewriter.op('Squeeze', [condition, stepsOf(rewriter).ints([0])]);
}

function chosen(holds: Value, a: Value, b: Value | undefined, rewriter: Rewriter): Value {
  return b === undefined || a === b ? a : rewriter.op('Where', [holds, a, b]);
}
