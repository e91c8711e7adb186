/**
 * What an upgrade rule works with. Each op of ONNX has one meaning in Whittle, that of the newest
 * opset; a rule takes a node as an older opset wrote it and gives the node that means the same now.
 */

import type {
  AttributeLiterals,
  Attributes,
  CompilerError,
  Graph,
  Node,
  Tensor,
  Value,
} from '@whittle/ir';

/** A node whose inputs are values already, and whose outputs are not yet. */
export interface ImportedNode {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: Attributes;
  readonly regions: Readonly<Record<string, Graph>>;
  readonly outputs: readonly (string | undefined)[];
}

export interface UpgradeContext {
  /** The version of the operator set that the node is written in. */
  readonly opset: number;
  /** Adds a node in its newest form and returns its first output, under a name of its own. */
  emit(op: string, inputs: readonly (Value | undefined)[], attributes?: AttributeLiterals): Value;
  /** As `emit`, for a node of which `count` outputs are wanted. */
  emitAll(
    count: number,
    op: string,
    inputs: readonly (Value | undefined)[],
    attributes?: AttributeLiterals,
  ): readonly Value[];
  /** Adds a node in its newest form that defines `outputs`, names of the model. */
  define(node: ImportedNode): Node;
  constant(tensor: Tensor): Value;
  /** Whether anything reads a value of the model. */
  isUsed(name: string | undefined): boolean;
  /** An `E_UNSUPPORTED_FEATURE` that names the node. */
  unsupported(problem: string, hint?: string): CompilerError;
}

/**
 * Gives the node in its next form, or undefined where the rule has defined all of the node's
 * outputs itself. A rule removes the attributes it translates and keeps all others.
 */
export type Upgrade = (node: ImportedNode, context: UpgradeContext) => ImportedNode | undefined;

/** A rule for nodes of an opset below `below`; the rules of an op are applied in order. */
export interface UpgradeRow {
  readonly below: number;
  readonly upgrade: Upgrade;
}
