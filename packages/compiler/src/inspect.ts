/** What a model is, and what becomes of it: as far as it can be said, whether it compiles or not. */

import { CompilerError, type ErrorCode, type Graph, type Node, type PassTiming } from '@whittle/ir';
import { type ProgramSummary, summarizeProgram } from './compile-report.js';
import { type ConvolutionReport, explainConvolutions } from './explain-convolutions.js';
import { type DecisionReport, explainDecision } from './explain-decisions.js';
import { lowerPrepared } from './lower-prepared.js';
import { bytesOf, macsOf, parameterBytesOf } from './node-costs.js';
import type { CompileOptions } from './options.js';
import { prepareGraph } from './prepare-graph.js';
import { type Quantity, quantity, sumDims } from './quantity.js';
import { StageLog, type StageTiming } from './stage-log.js';
import { type GraphSummary, summarizeGraph } from './summarize-graph.js';
import { findTarget, type TargetRecord } from './targets.js';
import { signatureOf, type TensorSignature } from './tensor-signature.js';

export interface NodeReport {
  readonly op: string;
  readonly name: string;
  readonly outputs: readonly TensorSignature[];
  /** Multiply-adds; 0 for what is no contraction. */
  readonly macs: Quantity;
  readonly parameterBytes: number;
  readonly outputBytes: Quantity;
}

export interface Inspection {
  readonly name: string;
  /** What the model says of itself: producer, opsets, … */
  readonly metadata: Readonly<Record<string, string>>;
  readonly inputs: readonly TensorSignature[];
  readonly outputs: readonly TensorSignature[];
  /** The graph as imported. */
  readonly before: GraphSummary;
  /** The graph after the passes. */
  readonly after: GraphSummary;
  /** The nodes after the passes; those in regions not included. */
  readonly nodes: readonly NodeReport[];
  readonly macs: Quantity;
  /**
   * The convolutions as they were before cost models decided on them, those in regions included:
   * none is a stage of another op yet, and none is split. Convolutions whose filters have dims
   * without a number are left out.
   */
  readonly convolutions: readonly ConvolutionReport[];
  /** What could have been fused or split and what cost models chose, in the order in which they did. */
  readonly decisions: readonly DecisionReport[];
  /** Absent where the model does not compile; `problem` says why. */
  readonly program?: ProgramSummary;
  readonly problem?: { readonly code: ErrorCode; readonly message: string; readonly hint?: string };
  readonly stages: readonly StageTiming[];
  readonly passes: readonly PassTiming[];
  readonly warnings: readonly string[];
}

/**
 * Reads a model, runs the passes and lowers it, without emitting anything. Ops that are not
 * supported and dims without a number are no errors here.
 *
 * @throws {CompilerError} (the promise rejects) where the model cannot be read at all.
 */
export async function inspect(
  bytes: Uint8Array,
  options: CompileOptions = {},
): Promise<Inspection> {
  const log = new StageLog(options);
  const target = findTarget(options.target ?? 'js', options.precision);
  const prepared = await prepareGraph(bytes, options, target, log);
  const { graph, before, passes } = prepared;
  const after = summarizeGraph(graph);
  return {
    name: graph.name,
    metadata: graph.metadata,
    inputs: graph.inputs.map((input) => signatureOf(input.name, input)),
    outputs: graph.outputs.map(({ name, value }) => signatureOf(name, value)),
    before,
    after,
    nodes: graph.nodes.map(nodeReport),
    macs: after.macs,
    convolutions: explainConvolutions(prepared.undecided),
    decisions: prepared.decisions.map(explainDecision),
    ...(await tryToLower(graph, target, log)),
    stages: log.stages,
    passes,
    warnings: log.warnings,
  };
}

function nodeReport(node: Node): NodeReport {
  const outputs = node.outputs.flatMap((value) => (value ? [value] : []));
  return {
    op: node.op,
    name: node.name,
    outputs: outputs.map((value) => signatureOf(value.name, value)),
    macs: quantity(macsOf(node)),
    parameterBytes: parameterBytesOf(node),
    outputBytes: quantity(sumDims(outputs.map(bytesOf))),
  };
}

async function tryToLower(
  graph: Graph,
  target: TargetRecord,
  log: StageLog,
): Promise<Pick<Inspection, 'program' | 'problem'>> {
  try {
    return { program: summarizeProgram(await lowerPrepared(graph, target, log)) };
  } catch (error) {
    if (!(error instanceof CompilerError) || error.code === 'E_INTERNAL') throw error;
    const { code, message, hint } = error;
    return { problem: { code, message, ...(hint !== undefined && { hint }) } };
  }
}
