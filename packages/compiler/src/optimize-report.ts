/** What an optimisation did: the file before and after, in numbers. */

import type { PassTiming } from '@whittle/ir';
import type { ModelSummary } from '@whittle/onnx';
import { type DecisionReport, explainDecision } from './explain-decisions.js';
import type { PreparedGraph } from './prepare-graph.js';
import type { Quantity } from './quantity.js';
import type { StageLog, StageTiming } from './stage-log.js';
import { macsOfGraph } from './summarize-graph.js';

export interface OptimizeReport {
  readonly before: OptimizedModel;
  readonly after: OptimizedModel;
  /** What cost models decided, in the order in which they did. */
  readonly decisions: readonly DecisionReport[];
  readonly stages: readonly StageTiming[];
  readonly passes: readonly PassTiming[];
  readonly warnings: readonly string[];
}

export interface OptimizedModel extends ModelFile {
  /** Multiply-adds of one run, in contractions; those in subgraphs not included. */
  readonly macs: Quantity;
}

interface ModelFile extends ModelSummary {
  /** Bytes of the file itself, without those of files beside it. */
  readonly fileBytes: number;
}

export function reportOn(
  files: { readonly before: ModelFile; readonly after: ModelFile },
  { before, graph, decisions, passes }: PreparedGraph,
  log: StageLog,
): OptimizeReport {
  return {
    before: { ...files.before, macs: before.macs },
    after: { ...files.after, macs: macsOfGraph(graph) },
    decisions: decisions.map(explainDecision),
    stages: log.stages,
    passes,
    warnings: log.warnings,
  };
}
