/** From what lowering wrote to a finished program: lifetimes, the arena, and the constants' places. */

import { CompilerError, dtypes } from '@whittle/ir';
import type { ElementType } from '../lower/rule.js';
import type { Buffer, Program } from '../program.js';
import { alignUp, planArena } from './plan-arena.js';
import { lifetimes, type ProgramDraft } from './program-draft.js';
import { shareInPlace } from './share-in-place.js';

/** @throws {CompilerError} `E_LIMIT_SIZE` where the arena, the constants or what is prepared pass 2 GiB. */
export function assembleProgram(draft: ProgramDraft): Program {
  const shared = shareInPlace(draft);
  const lives = lifetimes(shared);
  const used = shared.buffers.filter((buffer) => lives.has(buffer.name));
  const arena = planArena(
    used.map((buffer) => ({ bytes: byteLength(buffer), live: lives.get(buffer.name) ?? [0, 0] })),
  );
  const live = [-1, shared.steps.length] as const;
  const constants = shared.placed.map(
    (constant): Buffer => ({ ...constant, space: 'constants', live }),
  );
  const prepared: Buffer[] = [];
  let preparedBytes = 0;
  for (const buffer of shared.prepared) {
    prepared.push({ ...buffer, byteOffset: preparedBytes, live });
    preparedBytes = alignUp(preparedBytes + byteLength(buffer));
  }
  const sizes: readonly (readonly [what: string, bytes: number, most: number])[] = [
    ['arena', arena.bytes, maxBytes],
    ['weights', shared.constants.length, maxBytes],
    ['prepared weights', preparedBytes, maxBytes],
    ['memory', arena.bytes + shared.constants.length + preparedBytes, 2 * maxBytes - 65_536],
  ];
  for (const [what, bytes, most] of sizes) {
    if (bytes > most) {
      throw new CompilerError('E_LIMIT_SIZE', `The ${what} would take ${bytes} bytes.`, {
        hint: 'At most 2 GiB each and 4 GiB in all can be addressed.',
      });
    }
  }
  return {
    name: shared.name,
    inputs: shared.inputs,
    outputs: shared.outputs,
    kernels: shared.kernels,
    setup: shared.setup,
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
      ...prepared,
    ],
    arena: { bytes: arena.bytes, lowerBoundBytes: arena.lowerBoundBytes },
    preparedBytes,
    constants: shared.constants,
  };
}

const maxBytes = 2 ** 31 - 1;

function byteLength(buffer: { readonly dtype: ElementType; readonly length: number }): number {
  return buffer.length * dtypes[buffer.dtype].bytes;
}
