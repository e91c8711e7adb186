/**
 * Bytes → graph, the part of the way that every function of the library goes:
 * 1. import: every node has its newest meaning and, where its op is known, its types;
 * 2. passes: the invariants that stand beside each pass in the pipelines.
 */

import {
  type Decision,
  type Graph,
  genericTarget,
  type Pass,
  type PassContext,
  type PassTiming,
  printGraph,
  runPasses,
  type Tensor,
} from '@whittle/ir';
import { type ImportOptions, importOnnx } from '@whittle/onnx';
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
  /** The graph that the first pass to decide by a cost model was given; `graph` where none did. */
  readonly undecided: Graph;
  /** Inputs that the options bind, by name. */
  readonly constants: ReadonlyMap<string, Tensor>;
  /** What cost models decided, in the order in which they did. */
  readonly decisions: readonly Decision[];
}

interface PrepareOptions extends ModelOptions, Pick<ImportOptions, 'onSummary'> {}

/** Dumps are read by people: longer tensors are left out of them. */
const elideAbove = 256;

/**
 * Without a target the graph is prepared for none in particular.
 * @throws {CompilerError} as `importOnnx` does; `E_INVALID_OPTION` for ids that no pass has.
 */
export async function prepareGraph(
  bytes: Uint8Array,
  options: PrepareOptions,
  target: TargetRecord | undefined,
  log: StageLog,
): Promise<PreparedGraph> {
  const chosen = choosePasses(options);
  let constants: ReadonlyMap<string, Tensor> = new Map();
  const onConstants = (given: ReadonlyMap<string, Tensor>): void => {
    constants = given;
  };
  const imported = await log.run('import', () => importModel(bytes, options, log, onConstants));
  log.dump('000-import.ir', () => printGraph(imported, { elideAbove }));
  const decisions: Decision[] = [];
  let given = imported;
  let undecided: Graph | undefined;
  const context: PassContext = {
    evaluate,
    target: target?.capabilities ?? genericTarget,
    fuse: options.fuse ?? 'auto',
    splitGroups: options.splitGroups ?? 'auto',
    onDecision: (decision) => {
      undecided ??= given;
      decisions.push(decision);
    },
  };
  const observed = chosen.map((pass) =>
    observe(pass, (graph) => {
      given = graph;
    }),
  );
  const { graph, timings } = await log.run('passes', () =>
    runPasses(imported, observed, {
      context,
      verify: options.checkPasses ?? false,
      elideAbove,
      ...(options.onDump && { dump: options.onDump }),
      ...(options.now && { now: options.now }),
    }),
  );
  return {
    graph,
    before: summarizeGraph(imported),
    passes: timings,
    undecided: undecided ?? graph,
    constants,
    decisions,
  };
}

/** The same pass, whose input somebody gets to see. */
function observe(pass: Pass, onGraph: (graph: Graph) => void): Pass {
  const run: Pass['run'] = (graph, context) => {
    onGraph(graph);
    return pass.run(graph, context);
  };
  return { ...pass, run };
}

/** @throws {CompilerError} as `importOnnx` does. */
function importModel(
  bytes: Uint8Array,
  options: PrepareOptions,
  log: StageLog,
  onConstants: NonNullable<ImportOptions['onConstants']>,
): Graph {
  return importOnnx(bytes, {
    onConstants,
    onWarning: (message) => log.warnings.push(message),
    ...(options.shapes && { shapes: options.shapes }),
    ...(options.dims && { dims: options.dims }),
    ...(options.constants && { constants: options.constants }),
    ...(options.externalData && { externalData: options.externalData }),
    ...(options.onSummary && { onSummary: options.onSummary }),
  });
}
