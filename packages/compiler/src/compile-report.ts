/** What a compilation did, in numbers. */

import type { PassTiming } from '@whittle/ir';
import { type Launch, launchesIn, type Program, type Step, signatureOfPort } from '@whittle/kernel';
import { type GpuReport, reportOnGpu } from './gpu-report.js';
import type { StageLog, StageTiming } from './stage-log.js';
import type { GraphSummary } from './summarize-graph.js';
import type { Files, Target } from './targets.js';
import type { TensorSignature } from './tensor-signature.js';

export interface CompileReport {
  readonly target: Target;
  readonly inputs: readonly TensorSignature[];
  readonly outputs: readonly TensorSignature[];
  /** The graph as imported. */
  readonly before: GraphSummary;
  /** The graph after the passes. */
  readonly after: GraphSummary;
  readonly program: ProgramSummary;
  /** Of a module that runs on a GPU. */
  readonly gpu?: GpuReport;
  /** Each step of a run, of a module for measuring. */
  readonly steps?: readonly StepReport[];
  /** Bytes of the code, `.js` and `.wasm`; weights that are inline included. */
  readonly codeBytes: number;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly stages: readonly StageTiming[];
  readonly passes: readonly PassTiming[];
  readonly warnings: readonly string[];
}

/**
 * The kernel that a step launches, the node that it came from, and its multiply-adds. Of a step that holds others:
 * `if` or `repeat`, and the multiply-adds of them all, once each.
 */
export type StepReport = Pick<Launch, 'kernel' | 'label' | 'macs'>;

export interface ProgramSummary {
  readonly kernels: number;
  /** Kernel launches of one run, those of branches and of turns once each. */
  readonly steps: number;
  /** Multiply-adds of one run, in contractions, counted as the launches are. */
  readonly macs: number;
  readonly weightBytes: number;
  /** Memory for what is made of the weights when an instance is made. */
  readonly preparedBytes: number;
  /** Memory for what lives during a run, inputs and outputs included. */
  readonly arenaBytes: number;
  /** No plan can do with less. */
  readonly arenaLowerBoundBytes: number;
}

export function summarizeProgram(program: Program): ProgramSummary {
  return {
    kernels: program.kernels.length,
    steps: launchesIn(program.steps).length,
    macs: macsOf(program.steps),
    weightBytes: program.constants.length,
    preparedBytes: program.preparedBytes,
    arenaBytes: program.arena.bytes,
    arenaLowerBoundBytes: program.arena.lowerBoundBytes,
  };
}

export function reportOn(parts: {
  readonly target: Target;
  readonly program: Program;
  readonly files: Files;
  readonly before: GraphSummary;
  readonly after: GraphSummary;
  readonly passes: readonly PassTiming[];
  readonly profile: boolean;
  readonly log: StageLog;
}): CompileReport {
  const { target, program, before, after, passes, profile, log } = parts;
  const files = [...parts.files].map(([name, { byteLength }]) => ({ name, bytes: byteLength }));
  return {
    target,
    inputs: program.inputs.map(signatureOfPort),
    outputs: program.outputs.map(signatureOfPort),
    before,
    after,
    program: summarizeProgram(program),
    ...(target === 'wgsl' && { gpu: reportOnGpu(program) }),
    ...(profile && {
      steps: program.steps.map(reportOnStep),
    }),
    codeBytes: files.reduce((sum, { name, bytes }) => sum + (isCode(name) ? bytes : 0), 0),
    files,
    stages: log.stages,
    passes,
    warnings: log.warnings,
  };
}

function reportOnStep(step: Step): StepReport {
  const kernel = step.kind === 'launch' ? step.kernel : step.kind;
  return { kernel, label: step.label, macs: macsOf([step]) };
}

function macsOf(steps: readonly Step[]): number {
  return launchesIn(steps).reduce((sum, { macs }) => sum + macs, 0);
}

function isCode(file: string): boolean {
  return file.endsWith('.js') || file.endsWith('.wasm');
}
