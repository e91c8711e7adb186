/**
 * Bytes → files, the whole way, read top to bottom:
 * 1. import and passes, see `prepareGraph`: the graph is as small as its level makes it;
 * 2. lower: memory is planned, and nothing is left to decide;
 * 3. emit: the files are whole and deterministic.
 */

import type { Program } from '@whittle/kernel';
import { type CompileReport, reportOn } from './compile-report.js';
import { lowerPrepared } from './lower-prepared.js';
import { type CompileOptions, checkedStem } from './options.js';
import { type PreparedGraph, prepareGraph } from './prepare-graph.js';
import { StageLog } from './stage-log.js';
import { summarizeGraph } from './summarize-graph.js';
import { type Files, findTarget, type TargetRecord } from './targets.js';

export interface Compilation {
  /** `NAME.js`, `NAME.d.ts` and, unless they are inline, `NAME.weights.bin`. */
  readonly files: Files;
  readonly report: CompileReport;
}

/**
 * Compiles an ONNX model. The same bytes and options give the same files, wherever and whenever.
 *
 * The function is not `async` and its stages share no variables, because each frame would keep its
 * arguments alive: so the model's bytes can be freed before the files are made.
 *
 * @throws {CompilerError} (the promise rejects) with any code but `E_VERIFY_FAILED` and `E_IO`.
 */
export function compile(bytes: Uint8Array, options: CompileOptions = {}): Promise<Compilation> {
  try {
    const log = new StageLog(options);
    const target = findTarget(options.target ?? 'js');
    const stem = checkedStem(options.name ?? 'model');
    return emit(lowerModel(bytes, options, target, log), { ...options, stem }, target, log);
  } catch (error) {
    return Promise.reject(error);
  }
}

interface Lowered {
  readonly program: Program;
  readonly prepared: Omit<PreparedGraph, 'graph'>;
  readonly after: ReturnType<typeof summarizeGraph>;
}

function lowerModel(
  bytes: Uint8Array,
  options: CompileOptions,
  target: TargetRecord,
  log: StageLog,
): Lowered {
  const { graph, ...prepared } = prepareGraph(bytes, options, target, log);
  const program = lowerPrepared(graph, target, log);
  return { program, prepared, after: summarizeGraph(graph) };
}

async function emit(
  { program, prepared, after }: Lowered,
  { stem, inline = false }: CompileOptions & { readonly stem: string },
  target: ReturnType<typeof findTarget>,
  log: StageLog,
): Promise<Compilation> {
  const files = await log.runAsync('emit', () => target.emit(program, { stem, inline }));
  return {
    files,
    report: reportOn({ target: target.name, program, files, ...prepared, after, log }),
  };
}
