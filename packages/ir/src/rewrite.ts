/**
 * The rewrite driver: applies a table of rules to a graph until none of them fires.
 *
 * ```ts
 * const rules: readonly RewriteRule[] = [
 *   {
 *     algebra: 'x · sigmoid(x) → silu(x)',
 *     pattern: op('Mul', any('x'), op('Sigmoid', any('x'))),
 *     build: (match, rewriter) => rewriter.op('Silu', [match.value('x')]),
 *   },
 * ];
 * const rewritten = rewriteGraph(graph, rules);
 * ```
 *
 * Rules as rows with one line of algebra each, after tinygrad.
 */

import { CompilerError } from './errors.js';
import type { Graph, Node } from './graph.js';
import { type Match, matchPattern } from './match.js';
import type { NodePattern } from './pattern.js';
import type { Replacement, RewriteContext, Rewriter } from './rewriter.js';
import { sweepGraph } from './sweep.js';

export interface RewriteRule {
  /** What the rule says, in one line: `relu(clip(x, a, b)) → clip(x, max(a, 0), max(b, 0))`. */
  readonly algebra: string;
  readonly pattern: NodePattern;
  /** Whether the rule applies to a match; without one it always does. */
  readonly guard?: (match: Match, context: RewriteContext) => boolean;
  /** Builds what replaces the root's outputs, or declines by returning undefined. */
  readonly build: (match: Match, rewriter: Rewriter) => Replacement | undefined;
}

/**
 * Rules meet their own results in the next sweep. Sound tables settle in two or three on real models,
 * but a rule that takes up its operand sees one operand of a chain in each sweep.
 */
const maxSweeps = 64;
/** Nodes looked at before a graph that is still shrinking is good enough, some seconds of work. */
const maxVisits = 1 << 20;

/**
 * The graph after rewriting, regions included; the same object where no rule fired. Among the rules
 * for an op the first that applies wins. A graph that still shrinks after many sweeps is given back
 * as it is then: what is left of the chain stays unfolded.
 * @throws {CompilerError} `E_INTERNAL` where rules undo each other and the graph never settles.
 */
export function rewriteGraph(graph: Graph, rules: readonly RewriteRule[]): Graph {
  const byRoot = indexByRoot(rules);
  let current = graph;
  let last: RewriteRule | undefined;
  let visits = 0;
  for (let sweeps = 0; sweeps < maxSweeps; sweeps++) {
    if (!hasRoot(current, byRoot)) return current;
    const swept = sweepGraph(current, (node, rewriter) =>
      applyFirst(byRoot.get(node.op) ?? [], node, rewriter, (rule) => {
        last = rule;
      }),
    );
    if (swept === current) return current;
    const [before, after] = [countNodes(current), countNodes(swept)];
    visits += before;
    const isLast = visits > maxVisits || sweeps === maxSweeps - 1;
    if (isLast && after < before) return swept;
    current = swept;
  }
  throw new CompilerError(
    'E_INTERNAL',
    `Rewriting did not settle in ${maxSweeps} sweeps; the last rule to fire was "${last?.algebra}".`,
    { where: { graph: graph.name } },
  );
}

/** What the first rule builds that applies to a node; `onFire` hears which one that is. */
function applyFirst(
  rules: readonly RewriteRule[],
  node: Node,
  rewriter: Rewriter,
  onFire: (rule: RewriteRule) => void,
): Replacement | undefined {
  for (const rule of rules) {
    const match = matchPattern(rule.pattern, node, rewriter);
    if (match === undefined || rule.guard?.(match, rewriter) === false) continue;
    const replacement = rule.build(match, rewriter);
    if (replacement === undefined) continue;
    onFire(rule);
    return replacement;
  }
  return undefined;
}

function indexByRoot(rules: readonly RewriteRule[]): ReadonlyMap<string, readonly RewriteRule[]> {
  const index = new Map<string, RewriteRule[]>();
  for (const rule of rules) {
    for (const op of rule.pattern.ops) {
      const known = index.get(op);
      if (known) known.push(rule);
      else index.set(op, [rule]);
    }
  }
  return index;
}

/** Whether any rule could fire at all: most passes find nothing to do in most graphs. */
function hasRoot(graph: Graph, byRoot: ReadonlyMap<string, unknown>): boolean {
  return graph.nodes.some(
    (node) =>
      byRoot.has(node.op) || Object.values(node.regions).some((region) => hasRoot(region, byRoot)),
  );
}

/** The nodes of a graph, those of its regions included. */
function countNodes(graph: Graph): number {
  let count = graph.nodes.length;
  for (const node of graph.nodes) {
    for (const region of Object.values(node.regions)) count += countNodes(region);
  }
  return count;
}
