/**
 * How long each step of a run takes, from a module that was emitted for measuring, whose `run` says
 * when each step begins. Where the processor runs them, a loop that shows what it reaches is timed in the same
 * rounds.
 */

import {
  type CompileReport,
  CompilerError,
  peakFlops,
  peakModule,
  type StepReport,
  type Target,
  type Tensors,
} from '@whittle/compiler';
import { interleave, type Pace, type Runner, spreadOf } from './interleave.js';
import type { EmittedModel } from './load-emitted.js';

interface StepProfile extends StepReport {
  /** The median of all rounds. */
  readonly milliseconds: number;
}

export interface Profile {
  readonly target: Target;
  readonly steps: readonly StepProfile[];
  /** What the loop of `peakModule` reaches at best; absent of what runs on a GPU. */
  readonly peakGflops?: number;
  /** When each step of the middle round began, in milliseconds from the first, and when the last ended. */
  readonly timeline: readonly number[];
}

export async function profileSteps(
  model: EmittedModel,
  { target, steps = [] }: CompileReport,
  feeds: Tensors,
  pace: Pace,
): Promise<Profile> {
  let times: number[] = [];
  const rounds: (readonly number[])[] = [];
  const profiled: Runner = {
    run: () => {
      times = [];
      rounds.push(times);
      return model.run(feeds, undefined, () => times.push(performance.now()));
    },
  };
  const beside = target === 'wgsl' ? [] : [peakLoop()];
  const [, peaks] = await interleave([profiled, ...beside], pace);
  const timed = rounds.slice(pace.warmup);
  const milliseconds = (step: number) =>
    spreadOf(timed.map((round) => (round[step + 1] ?? 0) - (round[step] ?? 0))).median;
  return {
    target,
    steps: steps.map((step, i) => ({ ...step, milliseconds: milliseconds(i) })),
    ...(peaks && { peakGflops: peakFlops / spreadOf(peaks).min / 1e6 }),
    timeline: middleOf(timed),
  };
}

/** The round whose total is in the middle, its times from its own start. */
function middleOf(rounds: readonly (readonly number[])[]): readonly number[] {
  const total = (round: readonly number[]) => (round.at(-1) ?? 0) - (round[0] ?? 0);
  const sorted = [...rounds].sort((a, b) => total(a) - total(b));
  const [start = 0, ...others] = sorted[Math.floor(sorted.length / 2)] ?? [];
  return [0, ...others.map((time) => time - start)];
}

function peakLoop(): Runner {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(peakModule()));
  const { run } = instance.exports;
  if (typeof run !== 'function') throw new CompilerError('E_INTERNAL', 'The loop has no run.');
  return { run: () => run() };
}
