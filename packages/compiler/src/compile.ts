/**
 * Bytes → files, the whole way. The list in `compile` is read top to bottom; the comment beside a
 * stage is the invariant that holds after it.
 */

import type { Graph, PassTiming } from '@whittle/ir';
import type { Program } from '@whittle/kernel';
import { type CompileReport, reportOn } from './compile-report.js';
import { layOutConstants } from './lay-out-constants.js';
import { lowerPrepared } from './lower-prepared.js';
import { type CompileOptions, checkedStem } from './options.js';
import { prepareGraph } from './prepare-graph.js';
import { releaseModel } from './release-model.js';
import { StageLog } from './stage-log.js';
import { type GraphSummary, summarizeGraph } from './summarize-graph.js';
import { type Files, findTarget } from './targets.js';

export interface Compilation {
  /** `NAME.js`, `NAME.d.ts` and, unless they are inline, `NAME.weights.bin`. */
  readonly files: Files;
  readonly report: CompileReport;
}

/**
 * Compiles an ONNX model. The same bytes and options give the same files, wherever and whenever.
 *
 * Weights are most of what a compilation holds, and each stage makes new ones. So the stages are a
 * chain of promises and share no variables: a stage keeps alive what it was given and no more, and
 * `compile` itself has returned, with its hold on the bytes, before the second one begins.
 *
 * @throws {CompilerError} (the promise rejects) with any code but `E_VERIFY_FAILED` and `E_IO`.
 */
export function compile(bytes: Uint8Array, options: CompileOptions = {}): Promise<Compilation> {
  try {
    const work = startWork(options);
    return Promise.resolve(importAndOptimize(bytes, work)) // The graph is as small as its level makes it.
      .then((optimized) => lower(optimized, work)) // Memory is planned; nothing is left to decide.
      .then((lowered) => pack(lowered, work)) // The constants lie as they will in the file.
      .then((lowered) => emit(lowered, work)); // The files are whole.
  } catch (error) {
    return Promise.reject(error);
  }
}

/** What every stage may know. */
interface Work {
  readonly options: CompileOptions;
  readonly log: StageLog;
  readonly target: ReturnType<typeof findTarget>;
  readonly stem: string;
}

interface Optimized {
  readonly graph: Graph;
  readonly before: GraphSummary;
  readonly after: GraphSummary;
  readonly passes: readonly PassTiming[];
}

interface Lowered extends Omit<Optimized, 'graph'> {
  readonly program: Program;
}

function startWork(options: CompileOptions): Work {
  return {
    options,
    log: new StageLog(options),
    target: findTarget(options.target ?? 'js'),
    stem: checkedStem(options.name ?? 'model'),
  };
}

function importAndOptimize(bytes: Uint8Array, { options, target, log }: Work): Optimized {
  const { graph, before, passes } = prepareGraph(bytes, options, target, log);
  return { graph: releaseModel(graph, bytes), before, after: summarizeGraph(graph), passes };
}

function lower({ graph, ...summaries }: Optimized, { target, log }: Work): Lowered {
  return { program: lowerPrepared(graph, target, log), ...summaries };
}

function pack({ program, ...summaries }: Lowered, { log }: Work): Lowered {
  return { program: log.run('pack', () => layOutConstants(program)), ...summaries };
}

async function emit(lowered: Lowered, { options, target, log, stem }: Work): Promise<Compilation> {
  const { inline = false } = options;
  const { program } = lowered;
  const files = await log.runAsync('emit', () => target.emit(program, { stem, inline }));
  return { files, report: reportOn({ ...lowered, target: target.name, files, log }) };
}
