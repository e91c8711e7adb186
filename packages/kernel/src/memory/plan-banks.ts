/** The arena in banks, one behind another, each planned on its own. */

import type { Bank } from '../program.js';
import { type Arena, lowerBoundOf, planArena, type Request } from './plan-arena.js';

export interface BankedArena extends Arena {
  readonly banks: readonly Bank[];
}

/** `bankOf[i]` is the bank of request `i`; offsets count from the start of the arena. */
export function planBanks(
  requests: readonly Request[],
  bankOf: readonly number[],
  alignment: number,
): BankedArena {
  const count = bankOf.reduce((most, bank) => Math.max(most, bank + 1), 1);
  const offsets = new Array<number>(requests.length).fill(0);
  const banks: Bank[] = [];
  let bytes = 0;
  for (let bank = 0; bank < count; bank++) {
    const members = requests.flatMap((request, i) => (bankOf[i] === bank ? [{ request, i }] : []));
    const plan = planArena(
      members.map(({ request }) => request),
      alignment,
    );
    for (const [place, { i }] of members.entries()) {
      offsets[i] = bytes + (plan.offsets[place] ?? 0);
    }
    banks.push({ byteOffset: bytes, bytes: plan.bytes });
    bytes += plan.bytes;
  }
  return { offsets, bytes, banks, lowerBoundBytes: lowerBoundOf(requests, alignment) };
}
