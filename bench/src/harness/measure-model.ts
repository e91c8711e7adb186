/** All engines on one model: started, timed in turns with the peak loop, then loaded afresh, then dropped. */

import { peakFlops } from '@whittle/compiler';

import type { Engine, EngineOptions } from '../engines/engine.js';
import type { EngineRecord } from '../engines/engine-table.js';
import type { ModelResult } from '../reports/bench-result.js';
import { compareEngines } from '../reports/comparison.js';
import { interleave, type Pace } from './interleave.js';
import { measureLoads } from './measure-loads.js';
import { peakLoop } from './peak-loop.js';
import { spreadOf } from './spread.js';
import type { Workload } from './workload.js';

export interface BenchSettings extends EngineOptions, Pace {
  readonly engines: readonly EngineRecord[];
  /** Fresh processes for each engine. */
  readonly loads: number;
}

export async function measureModel(
  workload: Workload,
  settings: BenchSettings,
  onRound: (round: number) => void,
): Promise<ModelResult> {
  const { started, unavailable } = await startEngines(workload, settings);
  try {
    const engines = started.map(({ engine }) => engine);
    const all = await interleave([...engines, peakLoop()], settings, onRound);
    const peak = spreadOf(all.at(-1) ?? []).min;
    const ways = engines.map(({ firstRun }) => firstRun);
    const measured = {
      scores: started.map(({ scores }) => scores),
      samples: all.slice(0, -1),
      loads: await measureLoads(workload, ways, settings.loads),
    };
    return {
      id: workload.id,
      title: workload.title,
      macs: engines.find(({ macs }) => macs !== undefined)?.macs ?? 0,
      peakGflops: peakFlops / peak / 1e6,
      engines: compareEngines(engines, measured),
      unavailable,
    };
  } finally {
    for (const { engine } of started) await engine.dispose();
  }
}

interface StartedEngine {
  readonly engine: Engine;
  readonly scores: Float32Array;
}

/** Engines that ran the model once, and why others did not. */
async function startEngines(workload: Workload, settings: BenchSettings) {
  const started: StartedEngine[] = [];
  const unavailable: { id: string; reason: string }[] = [];
  for (const { id, start } of settings.engines) {
    try {
      const engine = await start(workload, settings);
      started.push({ engine, scores: await firstScores(engine) });
    } catch (error) {
      const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
      unavailable.push({ id, reason });
    }
  }
  return { started, unavailable };
}

async function firstScores(engine: Engine): Promise<Float32Array> {
  try {
    await engine.activate?.();
    // A copy, because an engine may give the same memory again in its next run.
    return (await engine.run()).slice();
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}
