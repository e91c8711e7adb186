/** A program before memory is laid out: everything but the places. */

import type { Kernel } from '../loop-ir.js';
import type { BufferDraft } from '../lower/placement.js';
import type { Launch, Port, Step } from '../program.js';
import type { Grid } from '../schedule/capabilities.js';
import { argumentsOf, numberBehind, numbered } from '../steps.js';
import type { PlacedConstant } from './constant-pool.js';

export interface ProgramDraft {
  readonly name: string;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly kernels: readonly Kernel[];
  readonly setup: readonly Launch[];
  readonly steps: readonly Step[];
  /** In the arena. */
  readonly buffers: readonly BufferDraft[];
  readonly prepared: readonly BufferDraft[];
  readonly placed: readonly PlacedConstant[];
  readonly constants: Uint8Array;
  /** For each kernel, the pairs of parameters that may share memory: one read, one written. */
  readonly inPlace: ReadonlyMap<string, readonly (readonly [read: string, written: string])[]>;
  /** Of the target: with it, memory is of words and in banks, and the kernels are `inWords` already. */
  readonly grid?: Grid | undefined;
}

/**
 * The first and last step at which each buffer matters, by the numbers of `numbered`. A model input is there
 * before step 0; a model output must last until after the last step. What lives into a repeat or out of it
 * lives as long as it: the next turn reads what this one finds there, and each may be the last.
 */
export function lifetimes(draft: ProgramDraft): Map<string, [number, number]> {
  const lives = new Map<string, [number, number]>();
  const touch = (buffer: string, step: number): void => {
    const life = lives.get(buffer);
    if (life === undefined) lives.set(buffer, [step, step]);
    else {
      life[0] = Math.min(life[0], step);
      life[1] = Math.max(life[1], step);
    }
  };
  for (const { view } of draft.inputs) touch(view.buffer, -1);
  const steps = numbered(draft.steps);
  for (const { step, at, end } of steps) {
    for (const { buffer } of argumentsOf(step)) {
      touch(buffer, at);
      if (step.kind === 'repeat') touch(buffer, end);
    }
  }
  const behind = numberBehind(draft.steps);
  for (const { view, sizes = [] } of draft.outputs) {
    for (const { buffer } of [view, ...sizes]) touch(buffer, behind);
  }
  for (const { at, end } of steps.filter(({ step }) => step.kind === 'repeat')) {
    for (const life of lives.values()) {
      const isApart = life[1] < at || life[0] > end;
      const isInside = life[0] >= at && life[1] <= end;
      if (isApart || isInside) continue;
      life[0] = Math.min(life[0], at);
      life[1] = Math.max(life[1], end);
    }
  }
  return lives;
}
