/** What cost models decided, as plain data: nodes by their names, without their weights. */

import type { Decision } from '@whittle/ir';

export interface DecisionReport extends Omit<Decision, 'nodes'> {
  /** The nodes concerned, as they were before, in order of execution. */
  readonly nodes: readonly DecidedNode[];
}

export interface DecidedNode {
  readonly op: string;
  /** Empty where the model gives it none. */
  readonly name: string;
  /** The name of its first output. */
  readonly output: string;
}

export function explainDecision({ nodes, ...decision }: Decision): DecisionReport {
  return {
    ...decision,
    nodes: nodes.map(({ op, name, outputs }) => ({ op, name, output: outputs[0]?.name ?? '' })),
  };
}
