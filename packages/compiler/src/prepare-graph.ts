/**
 * Bytes → graph, the part of the way that every function of the library goes:
 * 1. import: every node has its newest meaning and, where its op is known, its types;
 * 2. passes: the invariants that stand beside each pass in the pipelines.
 */

import {
  type Decision,
  type Graph,
  genericTarget,
  type PassContext,
  type PassTiming,
  printGraph,
  runPasses,
} from '@whittle/ir';
import { importOnnx } from '@whittle/onnx';
import { choosePasses } from './choose-passes.js';
import { evaluate } from './evaluate.js';
import type { ModelOptions } from './options.js';
import type { StageLog } from './stage-log.js';
import { type GraphSummary, summarizeGraph } from './summarize-graph.js';
import type { TargetRecord } from './targets.js';

export interface PreparedGraph {
  readonly graph: Graph;
  /** What the graph was before the passes. */
  readonly before: GraphSummary;
  readonly passes: readonly PassTiming[];
  /** What cost models decided, in the order in which they did. */
  readonly decisions: readonly Decision[];
}

/** Dumps are read by people: longer tensors are left out of them. */
const elideAbove = 256;

/**
 * Without a target the graph is prepared for none in particular.
 * @throws {CompilerError} as `importOnnx` does; `E_INVALID_OPTION` for ids that no pass has.
 */
export async function prepareGraph(
  bytes: Uint8Array,
  options: ModelOptions,
  target: TargetRecord | undefined,
  log: StageLog,
): Promise<PreparedGraph> {
  const chosen = choosePasses(options);
  const imported = await log.run('import', () => importModel(bytes, options, log));
  log.dump('000-import.ir', () => printGraph(imported, { elideAbove }));
  const decisions: Decision[] = [];
  const context: PassContext = {
    evaluate,
    target: target?.capabilities ?? genericTarget,
    fuse: options.fuse ?? 'auto',
    splitGroups: options.splitGroups ?? 'auto',
    onDecision: (decision) => decisions.push(decision),
  };
  const { graph, timings } = await log.run('passes', () =>
    runPasses(imported, chosen, {
      context,
      verify: options.checkPasses ?? false,
      elideAbove,
      ...(options.onDump && { dump: options.onDump }),
      ...(options.now && { now: options.now }),
    }),
  );
  return { graph, before: summarizeGraph(imported), passes: timings, decisions };
}

/** @throws {CompilerError} as `importOnnx` does. */
function importModel(bytes: Uint8Array, options: ModelOptions, log: StageLog): Graph {
  return importOnnx(bytes, {
    onWarning: (message) => log.warnings.push(message),
    ...(options.shapes && { shapes: options.shapes }),
    ...(options.dims && { dims: options.dims }),
    ...(options.externalData && { externalData: options.externalData }),
  });
}
