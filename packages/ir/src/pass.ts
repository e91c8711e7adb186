/**
 * What a pass is, and what it may know: the graph, the capabilities of the target as a plain record,
 * and an evaluator that is handed in, so that passes depend on no kernel and no target language.
 */

import type { Graph, Node } from './graph.js';
import type { Tensor } from './tensor.js';

export interface Pass {
  /** The pass's file stem, its name on the command line, in dumps and in tests. */
  readonly id: string;
  /** One line for `--help` and the docs. */
  readonly summary: string;
  /** Returns a new graph, or the same object where nothing changed. */
  readonly run: (graph: Graph, context: PassContext) => Graph;
}

export interface PassContext {
  /** Without one nothing is folded that takes running an op. */
  readonly evaluate?: Evaluate;
  readonly target: TargetCapabilities;
}

/**
 * Runs one node on constants. Returns one tensor for each of its outputs, or undefined where the
 * evaluator cannot run the op.
 */
export type Evaluate = (
  node: Node,
  inputs: readonly (Tensor | undefined)[],
) => readonly (Tensor | undefined)[] | undefined;

/** What cost models ask of a target; a part of the record that each code generator brings. */
export interface TargetCapabilities {
  readonly target: string;
  /** The f32 lanes of one vector operation; 1 where the target has no vectors. */
  readonly lanes: number;
  /** The bytes that one kernel can expect to keep close at hand: half of an L2, workgroup memory. */
  readonly cacheBytes: number;
}

/** A target of no particular kind, for tests and for `optimize`, whose result runs anywhere. */
export const genericTarget: TargetCapabilities = {
  target: 'generic',
  lanes: 4,
  cacheBytes: 262_144,
};
