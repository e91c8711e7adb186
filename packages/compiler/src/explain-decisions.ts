/** What cost models decided, as plain data: nodes by their names, without their weights. */

import { type ConvKind, convKind, type Decision, type Node } from '@whittle/ir';

export interface DecisionReport extends Omit<Decision, 'nodes'> {
  /** The nodes concerned, as they were before, in order of execution. */
  readonly nodes: readonly DecidedNode[];
}

export interface DecidedNode {
  readonly op: string;
  /** Absent for what is no convolution, or one whose dims are not known. */
  readonly kind?: ConvKind;
  /** Empty where the model gives it none. */
  readonly name: string;
  /** The name of its first output. */
  readonly output: string;
}

export function explainDecision({ nodes, ...decision }: Decision): DecisionReport {
  return { ...decision, nodes: nodes.map(explainNode) };
}

function explainNode(node: Node): DecidedNode {
  const kind = convKind(node);
  const output = node.outputs[0]?.name ?? '';
  return { op: node.op, ...(kind && { kind }), name: node.name, output };
}
