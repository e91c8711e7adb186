/** A program before memory is laid out: everything but the places. */

import type { Kernel } from '../loop-ir.js';
import type { BufferDraft } from '../lower/placement.js';
import type { Port, Step } from '../program.js';
import type { Grid } from '../schedule/capabilities.js';
import type { PlacedConstant } from './constant-pool.js';

export interface ProgramDraft {
  readonly name: string;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly kernels: readonly Kernel[];
  readonly setup: readonly Step[];
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
 * The first and last step at which each buffer matters. A model input is there before step 0; a
 * model output must last until after the last step.
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
  draft.steps.forEach((step, i) => {
    for (const { buffer } of step.args) touch(buffer, i);
  });
  for (const { view } of draft.outputs) touch(view.buffer, draft.steps.length);
  return lives;
}
