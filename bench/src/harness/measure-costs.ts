/**
 * One probe as emitted modules: that of its layers and that of none, in turns in one process. What
 * the first takes longer is what its layers take.
 */

import type { CompileReport } from '@whittle/compiler';
import { exportOnnx } from '@whittle/onnx';

import type { CostProbe } from './cost-probe.js';
import { type EmittedInstance, loadEmitted } from './emitted-module.js';
import { interleave, type Pace, type Runner } from './interleave.js';
import { randomFeeds } from './random-feeds.js';
import { type Spread, spreadOf } from './spread.js';

export interface CostMeasurement {
  readonly probe: CostProbe;
  /** MACs or bytes a nanosecond; nanoseconds a step for `launch`. */
  readonly value: Spread;
  /** What the layers take in one run, for each round. */
  readonly nanoseconds: readonly number[];
}

/** @throws {Error} (the promise rejects) where layers are not one step each, and so not comparable. */
export async function measureCosts(probe: CostProbe, pace: Pace): Promise<CostMeasurement> {
  const bytes = exportOnnx(probe.build(probe.layers));
  const layered = await loadEmitted(bytes, {});
  const bare = await loadEmitted(exportOnnx(probe.build(0)), {});
  try {
    const extra = layered.report.program.steps - bare.report.program.steps;
    if (extra !== probe.layers) {
      throw new Error(`${probe.workload}: ${probe.layers} layers are ${extra} steps.`);
    }
    const random = randomFeeds(bytes);
    if ('unavailable' in random) throw new Error(random.unavailable);
    const runners: Runner[] = [];
    for (const { model } of [layered, bare]) {
      runners.push(await repeated(model, random.feeds, probe.repeats));
    }
    const [long = [], short = []] = await interleave(runners, pace);
    const nanoseconds = long.map(
      (milliseconds, round) => ((milliseconds - (short[round] ?? 0)) * 1e6) / probe.repeats,
    );
    const values = nanoseconds.map((time) => costOf(probe, layered.report, time));
    return { probe, value: spreadOf(values), nanoseconds };
  } finally {
    await layered.dispose();
    await bare.dispose();
  }
}

function costOf(probe: CostProbe, { program }: CompileReport, nanoseconds: number): number {
  if (probe.constant === 'launch') return nanoseconds / probe.layers;
  return (probe.bytes ?? program.macs) / nanoseconds;
}

/** Runs into results that are there already: new ones would be cleared each time. */
async function repeated(
  model: EmittedInstance,
  feeds: Readonly<Record<string, unknown>>,
  repeats: number,
): Promise<Runner> {
  const results = await model.run(feeds);
  return {
    run: () => {
      for (let i = 0; i < repeats; i++) model.run(feeds, results);
    },
  };
}
