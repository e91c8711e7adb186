/**
 * One model with its chains of convolutions fused where the cost model says so, wherever it is legal,
 * and nowhere: three emitted modules in one process, in turns. The cost model is right where its
 * choice is as fast as the better of the two others.
 */

import type { CompileOptions, ProgramSummary } from '@whittle/compiler';

import { compareOutputs, type OutputsComparison } from './compare-outputs.js';
import { type EmittedModel, loadEmitted } from './emitted-module.js';
import { interleave, type Pace } from './interleave.js';
import { type Ratio, ratioOf } from './ratio.js';
import type { ReferenceRun } from './reference-run.js';
import { type Spread, spreadOf } from './spread.js';

type FusionMode = NonNullable<CompileOptions['fuse']>;

const modes = ['auto', 'all', 'none'] as const satisfies readonly FusionMode[];

interface FusionMeasurement {
  readonly mode: FusionMode;
  /** Nodes of the graph after the passes. */
  readonly nodes: number;
  readonly program: ProgramSummary;
  readonly milliseconds: Spread;
  /** Against the reference. */
  readonly outputs: OutputsComparison;
  readonly samples: readonly number[];
}

export interface FusionComparison {
  readonly modes: readonly FusionMeasurement[];
  /** The faster of the two that ask no cost model. */
  readonly better: FusionMode;
  /** That of `auto` to it; above 1, the cost model chose worse than that one rule for all. */
  readonly auto: Ratio;
}

/** @throws {CompilerError} (the promise rejects) where the model does not compile. */
export async function measureFusion(
  bytes: Uint8Array,
  { feeds, outputs }: ReferenceRun,
  pace: Pace,
  onRound: () => void,
): Promise<FusionComparison> {
  const emitted: EmittedMode[] = [];
  try {
    for (const mode of modes) emitted.push({ mode, ...(await loadEmitted(bytes, { fuse: mode })) });
    const runners = emitted.map(({ model }) => ({ run: () => model.run(feeds) }));
    const compared: OutputsComparison[] = [];
    for (const { run } of runners) compared.push(compareOutputs(await run(), outputs));
    const samples = await interleave(runners, pace, onRound);
    return chooseBetter(
      emitted.map(({ mode, report: { after, program } }, i) => ({
        mode,
        nodes: after.nodes,
        program,
        milliseconds: spreadOf(samples[i] ?? []),
        outputs: compared[i] ?? compareOutputs({}, outputs),
        samples: samples[i] ?? [],
      })),
    );
  } finally {
    for (const { dispose } of emitted) await dispose();
  }
}

interface EmittedMode extends EmittedModel {
  readonly mode: FusionMode;
}

function chooseBetter(measured: readonly FusionMeasurement[]): FusionComparison {
  const [auto, all, none] = measured;
  if (!auto || !all || !none) throw new Error('All modes are measured.');
  const better = all.milliseconds.median < none.milliseconds.median ? all : none;
  return { modes: measured, better: better.mode, auto: ratioOf(auto.samples, better.samples) };
}
