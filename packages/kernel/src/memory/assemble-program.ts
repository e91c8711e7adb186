/** From what lowering wrote to a finished program: lifetimes, the arena, and the constants' places. */

import { CompilerError, dtypes } from '@whittle/ir';
import type { BufferDraft } from '../lower/placement.js';
import type { ElementType } from '../lower/rule.js';
import type { Buffer, Program } from '../program.js';
import { numberBehind } from '../steps.js';
import { colorArena } from './color-arena.js';
import { alignUp, defaultAlignment } from './plan-arena.js';
import { planBanks } from './plan-banks.js';
import { lifetimes, type ProgramDraft } from './program-draft.js';
import { shareInPlace } from './share-in-place.js';
import { heldInHalves, requireWordType } from './word-type.js';

/**
 * @throws {CompilerError} `E_LIMIT_SIZE` where the arena, the constants or what is prepared pass 2 GiB;
 * `E_UNSUPPORTED_FEATURE` where memory is of words, and a buffer of float64.
 */
export function assembleProgram(draft: ProgramDraft): Program {
  // With a grid, sharing would bind one buffer to two parameters; each has memory of its own.
  const shared = draft.grid === undefined ? shareInPlace(draft) : ofWords(draft);
  const alignment = draft.grid?.alignment ?? defaultAlignment;
  const lives = lifetimes(shared);
  const used = shared.buffers
    .filter((buffer) => lives.has(buffer.name))
    .map((buffer) => ({
      ...buffer,
      bytes:
        draft.grid === undefined ? byteLength(buffer) : Math.max(byteLength(buffer), wordBytes),
      live: lives.get(buffer.name) ?? ([0, 0] as const),
    }));
  const bankOf = draft.grid === undefined ? used.map(() => 0) : colorArena(shared, used, alignment);
  const { offsets, ...arena } = planBanks(used, bankOf, alignment);
  const live = [-1, numberBehind(shared.steps)] as const;
  const constants = shared.placed.map(
    (constant): Buffer => ({ ...constant, space: 'constants', live }),
  );
  const prepared: Buffer[] = [];
  let preparedBytes = 0;
  for (const buffer of shared.prepared) {
    prepared.push({ ...buffer, byteOffset: preparedBytes, live });
    preparedBytes = alignUp(preparedBytes + byteLength(buffer), alignment);
  }
  verifySizes(arena.bytes, shared.constants.length, preparedBytes);
  return {
    name: shared.name,
    inputs: shared.inputs,
    outputs: shared.outputs,
    kernels: shared.kernels,
    setup: shared.setup,
    steps: shared.steps,
    buffers: [
      ...used.map(
        ({ bytes: _, ...buffer }, i): Buffer => ({ ...buffer, byteOffset: offsets[i] ?? 0 }),
      ),
      ...constants,
      ...prepared,
    ],
    arena,
    preparedBytes,
    constants: shared.constants,
  };
}

/** The draft with a word, or a half, for each element of the arena and of what is prepared. */
function ofWords(draft: ProgramDraft): ProgramDraft {
  const what = 'A tensor of the model';
  const ofWord = (buffer: BufferDraft): BufferDraft => ({
    ...buffer,
    dtype: draft.grid?.halves
      ? heldInHalves(buffer.dtype, buffer.space, what)
      : requireWordType(buffer.dtype, what),
  });
  return { ...draft, buffers: draft.buffers.map(ofWord), prepared: draft.prepared.map(ofWord) };
}

/** What a buffer of no elements takes among words, so that each lies in one bank and can be bound. */
const wordBytes = 4;

function verifySizes(arena: number, weights: number, prepared: number): void {
  const sizes: readonly (readonly [what: string, bytes: number, most: number])[] = [
    ['arena', arena, maxBytes],
    ['weights', weights, maxBytes],
    ['prepared weights', prepared, maxBytes],
    ['memory', arena + weights + prepared, 2 * maxBytes - 65_536],
  ];
  for (const [what, bytes, most] of sizes) {
    if (bytes > most) {
      throw new CompilerError('E_LIMIT_SIZE', `The ${what} would take ${bytes} bytes.`, {
        hint: 'At most 2 GiB each and 4 GiB in all can be addressed.',
      });
    }
  }
}

const maxBytes = 2 ** 31 - 1;

function byteLength(buffer: { readonly dtype: ElementType; readonly length: number }): number {
  return buffer.length * dtypes[buffer.dtype].bytes;
}
