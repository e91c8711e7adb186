/**
 * Runs passes in order, and what goes around a pass: its dump, its time, and the verifier, which
 * names the pass that broke the graph.
 */

import { CompilerError } from './errors.js';
import type { Graph } from './graph.js';
import { genericTarget, type Pass, type PassContext } from './pass.js';
import { printGraph } from './text/print.js';
import { verifyGraph } from './verify.js';

export interface RunPassesOptions {
  /** Default: a generic target and no evaluator. */
  readonly context?: PassContext;
  /** Whether to check the graph after each pass that changed it, and once before the first. */
  readonly verify?: boolean;
  /** The id of the last pass to run. */
  readonly stopAfter?: string;
  /** Receives `NNN-<pass>.ir` after each pass: the graph, or "unchanged". */
  readonly dump?: (file: string, text: string) => void;
  /** Tensor data of more bytes than this is left out of dumps. Default: 256. */
  readonly elideAbove?: number;
  readonly onTiming?: (timing: PassTiming) => void;
  /** A clock in milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
}

export interface PassTiming {
  readonly pass: string;
  readonly milliseconds: number;
  readonly changed: boolean;
}

export interface PassRun {
  readonly graph: Graph;
  readonly timings: readonly PassTiming[];
}

/**
 * @throws {CompilerError} `E_INTERNAL` naming the pass after which the graph breaks a rule,
 * `E_INVALID_GRAPH` where it did so before the first pass, `E_INVALID_OPTION` where `stopAfter`
 * names none of the passes.
 */
export function runPasses(
  graph: Graph,
  passes: readonly Pass[],
  options: RunPassesOptions = {},
): PassRun {
  const { context = { target: genericTarget }, now = Date.now, elideAbove = 256 } = options;
  const timings: PassTiming[] = [];
  let current = graph;
  if (options.verify) verifyGraph(current);
  for (const [index, pass] of selectPasses(passes, options.stopAfter).entries()) {
    const start = now();
    const result = pass.run(current, context);
    const changed = result !== current;
    const timing = { pass: pass.id, milliseconds: now() - start, changed };
    timings.push(timing);
    options.onTiming?.(timing);
    options.dump?.(
      dumpFile(index, pass),
      changed ? printGraph(result, { elideAbove }) : 'unchanged\n',
    );
    if (options.verify && changed) verifyAfter(pass, result);
    current = result;
  }
  return { graph: current, timings };
}

function selectPasses(passes: readonly Pass[], stopAfter: string | undefined): readonly Pass[] {
  if (stopAfter === undefined) return passes;
  const last = passes.findIndex((pass) => pass.id === stopAfter);
  if (last >= 0) return passes.slice(0, last + 1);
  throw new CompilerError('E_INVALID_OPTION', `No pass "${stopAfter}" runs here.`, {
    hint: `These do: ${passes.map((pass) => pass.id).join(', ')}.`,
  });
}

/** `007-fold-constants.ir`, counted from 1. */
function dumpFile(index: number, pass: Pass): string {
  return `${String(index + 1).padStart(3, '0')}-${pass.id}.ir`;
}

function verifyAfter(pass: Pass, graph: Graph): void {
  try {
    verifyGraph(graph);
  } catch (error) {
    if (!(error instanceof CompilerError)) throw error;
    throw new CompilerError('E_INTERNAL', `Pass ${pass.id} broke the graph: ${error.message}`, {
      where: error.where,
      cause: error,
    });
  }
}
