/**
 * What a pass is, and what it may know: the graph, the capabilities of the target as a plain record,
 * and an evaluator that is handed in, so that passes depend on no kernel and no target language.
 */

import type { Graph, Node } from './graph.js';
import type { Tensor } from './tensor.js';
import type { WorkgroupLimits } from './workgroup-tile.js';

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
  /** Whether chains of convolutions become one op: where the target's numbers say so, or always. */
  readonly fuse?: Policy;
  /** Whether grouped convolutions become one convolution for each group. */
  readonly splitGroups?: Policy;
  /** Hears of each decision that a cost model took, whichever way it went. */
  readonly onDecision?: (decision: Decision) => void;
}

/** `auto`, the default, asks the cost model; the others overrule it wherever the rewrite is legal. */
export type Policy = 'auto' | 'all' | 'none';

/** What a pass decided about one place of a graph, and on which grounds. */
export interface Decision {
  /** The id of the pass. */
  readonly pass: string;
  /** What was to be decided on: `depthwise → pointwise`. */
  readonly candidate: string;
  /** The nodes concerned, as they were before, in order of execution. */
  readonly nodes: readonly Node[];
  readonly choice: 'fuse' | 'split' | 'keep';
  /** The grounds, as one sentence without its full stop. */
  readonly reason: string;
  /** What is the same either way. */
  readonly measures: readonly Measure[];
  /** The ways there were, the one that leaves the graph as it is first; none where no other is legal. */
  readonly ways: readonly Way[];
}

/** One way to compute what a decision is about, and what the cost model says of it. */
export interface Way {
  /** Unique among the ways of a decision: `apart`, or the stages that share a kernel. */
  readonly name: string;
  readonly isChosen: boolean;
  readonly measures: readonly Measure[];
}

/** A quantity of a cost model. */
export interface Measure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'bytes' | 'MACs' | 'ns' | 'rows' | 'steps';
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
  /** The register tile of a contraction that runs fastest: output pixels by output channels. */
  readonly tileRows: number;
  readonly tileColumns: number;
  /** The pixels up to which a product by a constant matrix is faster than a pointwise convolution. */
  readonly productPixels: number;
  readonly costs: TargetCosts;
  /** For targets that run a kernel in many threads at once. */
  readonly grid?: ThreadGrid;
}

export interface ThreadGrid extends WorkgroupLimits {
  /** Threads that keep a device busy; a kernel of fewer takes as long as if it had as many. */
  readonly busyThreads: number;
}

/** What work takes on a target, as measured: the figures come from docs/design/separable.md. */
export interface TargetCosts {
  /** Multiply-adds a nanosecond of a contraction in whole tiles, and of a depthwise convolution. */
  readonly contraction: number;
  readonly depthwise: number;
  /** Bytes a nanosecond to and from memory beyond `cacheBytes`. */
  readonly memory: number;
  /** Nanoseconds that a step takes beside its work: a call, or a dispatch. */
  readonly launch: number;
}

/** A target of no particular kind, for tests and for `optimize`, whose result runs anywhere. */
export const genericTarget: TargetCapabilities = {
  target: 'generic',
  lanes: 4,
  cacheBytes: 262_144,
  tileRows: 4,
  tileColumns: 8,
  productPixels: 1024,
  costs: { contraction: 20, depthwise: 10, memory: 10, launch: 100 },
};
