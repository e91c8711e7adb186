/** From what lowering wrote to a finished program: lifetimes, the arena, and the constants' places. */

import { CompilerError, dtypes } from '@whittle/ir';
import type { BufferDraft } from '../lower/placement.js';
import type { Kernel } from '../loop-ir.js';
import type { Buffer, Port, Program, Step } from '../program.js';
import type { ConstantEntry } from './constant-pool.js';
import { alignUp, planArena } from './plan-arena.js';
import { shareInPlace } from './share-in-place.js';

export interface ProgramDraft {
  readonly name: string;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly kernels: readonly Kernel[];
  readonly steps: readonly Step[];
  readonly buffers: readonly BufferDraft[];
  readonly constants: readonly ConstantEntry[];
  /** For each kernel, the pairs of parameters that may share memory: one read, one written. */
  readonly inPlace: ReadonlyMap<string, readonly (readonly [read: string, written: string])[]>;
}

/** @throws {CompilerError} `E_LIMIT_SIZE` where arena or constants pass 2 GiB. */
export function assembleProgram(draft: ProgramDraft): Program {
  const shared = shareInPlace(draft);
  const lives = lifetimes(shared);
  const used = shared.buffers.filter((buffer) => lives.has(buffer.name));
  const arena = planArena(
    used.map((buffer) => ({ bytes: byteLength(buffer), live: lives.get(buffer.name) ?? [0, 0] })),
  );
  let constantBytes = 0;
  const kept = shared.constants.filter((entry) => lives.has(entry.name));
  const constants = kept.map((entry): Buffer => {
    const byteOffset = constantBytes;
    constantBytes = alignUp(byteOffset + entry.bytes.length);
    const { name, dtype, length } = entry;
    return { name, space: 'constants', dtype, length, byteOffset, live: [-1, shared.steps.length] };
  });
  for (const [what, bytes] of [['arena', arena.bytes], ['weights', constantBytes]] as const) {
    if (bytes > maxBytes) {
      throw new CompilerError('E_LIMIT_SIZE', `The ${what} would take ${bytes} bytes.`, {
        hint: 'At most 2 GiB can be addressed.',
      });
    }
  }
  return {
    name: shared.name,
    inputs: shared.inputs,
    outputs: shared.outputs,
    kernels: shared.kernels,
    steps: shared.steps,
    buffers: [
      ...used.map(
        (buffer, i): Buffer => ({
          ...buffer,
          byteOffset: arena.offsets[i] ?? 0,
          live: lives.get(buffer.name) ?? [0, 0],
        }),
      ),
      ...constants,
    ],
    arena: { bytes: arena.bytes, lowerBoundBytes: arena.lowerBoundBytes },
    constants: kept.map(({ name, bytes }) => ({ buffer: name, bytes })),
    constantBytes,
  };
}

const maxBytes = 2 ** 31 - 1;

export function byteLength(buffer: Pick<BufferDraft, 'dtype' | 'length'>): number {
  return buffer.length * dtypes[buffer.dtype].bytes;
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
