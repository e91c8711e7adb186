/**
 * Bytes → files, the whole way. The list in `compile` is read top to bottom; the comment beside a
 * stage is the invariant that holds after it.
 */

import type { Graph } from '@whittle/ir';
import type { Program } from '@whittle/kernel';
import { type CompileReport, reportOn } from './compile-report.js';
import { lowerPrepared } from './lower-prepared.js';
import { type CompileOptions, checkedStem } from './options.js';
import { type PreparedGraph, prepareGraph } from './prepare-graph.js';
import { releaseModel } from './release-model.js';
import { StageLog } from './stage-log.js';
import { type GraphSummary, summarizeGraph } from './summarize-graph.js';
import { type Files, findTarget } from './targets.js';

export interface Compilation {
  /** `NAME.js`, `NAME.d.ts` and, unless they are inline, `NAME.wasm` and `NAME.weights.bin`. */
  readonly files: Files;
  readonly report: CompileReport;
}

/**
 * Compiles an ONNX model. The same bytes and options give the same files, wherever and whenever.
 *
 * Weights are most of what a compilation holds, and each stage makes new ones. So the stages are a
 * chain of promises and share no variables: a stage keeps alive what it was given and no more, and
 * nothing here keeps the bytes.
 *
 * @throws {CompilerError} (the promise rejects) with any code but `E_VERIFY_FAILED` and `E_IO`.
 */
export function compile(bytes: Uint8Array, options: CompileOptions = {}): Promise<Compilation> {
  try {
    const work = startWork(options);
    return optimizeModel(bytes, work) // The graph is as small as its level makes it.
      .then((optimized) => lower(optimized, work)) // Memory is planned; nothing is left to decide.
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

interface Summaries extends Pick<PreparedGraph, 'before' | 'passes'> {
  readonly after: GraphSummary;
}

interface Optimized extends Summaries {
  readonly graph: Graph;
}

interface Lowered extends Summaries {
  readonly program: Program;
}

function startWork(options: CompileOptions): Work {
  return {
    options,
    log: new StageLog(options),
    target: findTarget(options.target ?? 'js', options.precision),
    stem: checkedStem(options.name ?? 'model'),
  };
}

async function optimizeModel(
  bytes: Uint8Array,
  { options, target, log }: Work,
): Promise<Optimized> {
  const { graph, before, passes } = await prepareGraph(bytes, options, target, log);
  return { graph: releaseModel(graph, bytes), before, after: summarizeGraph(graph), passes };
}

async function lower({ graph, ...rest }: Optimized, { target, log }: Work): Promise<Lowered> {
  return { program: await lowerPrepared(graph, target, log), ...rest };
}

async function emit(lowered: Lowered, { options, target, log, stem }: Work): Promise<Compilation> {
  const { inline = false, profile = false } = options;
  const { program } = lowered;
  const files = await log.run('emit', () => target.emit(program, { stem, inline, profile }));
  return { files, report: reportOn({ ...lowered, target: target.name, files, profile, log }) };
}
