/**
 * Banks of the arena. A GPU binds a buffer of its own either for reading or for writing within a dispatch, so
 * the arena is divided into several, the *banks*, such that no step reads a buffer and writes another of the
 * same bank. A buffer that a step both reads and writes is bound once, and is no conflict with itself.
 *
 * Colouring the graph of conflicts with the fewest colours is hard. Greedily, in the order in which buffers
 * are first used, a new bank is opened only for what conflicts with all there are; most models take two or
 * three. Of the banks that are free to take a buffer it goes to the one that grows least by it. Beyond
 * `mostBanks` conflicts are taken: then a dispatch binds both parts for writing, which is allowed.
 */

import { launchesIn } from '../steps.js';
import { alignUp } from './plan-arena.js';
import type { ProgramDraft } from './program-draft.js';

/** A buffer that wants a bank: its bytes, and the first and last step at which it matters. */
export interface Colored {
  readonly name: string;
  readonly bytes: number;
  readonly live: readonly [number, number];
}

/** The bank of each buffer, in the order given, counted from 0. */
export function colorArena(
  { kernels, steps }: Pick<ProgramDraft, 'kernels' | 'steps'>,
  buffers: readonly Colored[],
  alignment: number,
): readonly number[] {
  const conflicts = conflictsOf({ kernels, steps });
  const banks: BankLoad[] = [];
  const bankOf = new Map<string, number>();
  const inOrderOfUse = [...buffers].sort((a, b) => a.live[0] - b.live[0]);
  for (const buffer of inOrderOfUse) {
    const bytes = alignUp(buffer.bytes, alignment);
    const taken = new Set<number | undefined>();
    for (const other of conflicts.get(buffer.name) ?? []) taken.add(bankOf.get(other));
    let best: { readonly bank: number; readonly growth: number } | undefined;
    for (const [bank, load] of banks.entries()) {
      if (taken.has(bank)) continue;
      const growth = load.growthBy(bytes, buffer.live);
      if (best === undefined || growth < best.growth) best = { bank, growth };
    }
    const bank =
      best?.bank ??
      (banks.length < mostBanks ? banks.push(new BankLoad()) - 1 : leastLoaded(banks));
    banks[bank]?.add(bytes, buffer.live);
    bankOf.set(buffer.name, bank);
  }
  return buffers.map(({ name }) => bankOf.get(name) ?? 0);
}

/** With the weights, each bound once for each dtype, they are within what a shader may bind. */
export const mostBanks = 5;

function leastLoaded(banks: readonly BankLoad[]): number {
  const loads = banks.map(({ most }) => most);
  return loads.indexOf(Math.min(...loads));
}

/** For each buffer those which it may share no bank with: one is read by a step that writes the other. */
function conflictsOf({
  kernels,
  steps,
}: Pick<ProgramDraft, 'kernels' | 'steps'>): ReadonlyMap<string, ReadonlySet<string>> {
  const paramsOf = new Map(kernels.map(({ name, params }) => [name, params]));
  const conflicts = new Map<string, Set<string>>();
  const add = (a: string, b: string): void => {
    const known = conflicts.get(a);
    if (known === undefined) conflicts.set(a, new Set([b]));
    else known.add(b);
  };
  for (const { kernel, args } of launchesIn(steps)) {
    const params = paramsOf.get(kernel) ?? [];
    const those = (access: 'read' | 'write') =>
      args.filter((_, i) => params[i]?.access === access && params[i]?.space === 'arena');
    for (const { buffer: written } of those('write')) {
      for (const { buffer: read } of those('read')) {
        if (read === written) continue;
        add(read, written);
        add(written, read);
      }
    }
  }
  return conflicts;
}

/** The live bytes of a bank at each step: what it cannot be smaller than. */
class BankLoad {
  /** By step, from step -1 on, at which inputs are there. */
  readonly #bytes: number[] = [];
  #most = 0;

  get most(): number {
    return this.#most;
  }

  growthBy(bytes: number, live: readonly [number, number]): number {
    return Math.max(0, this.#mostWhile(live) + bytes - this.#most);
  }

  add(bytes: number, live: readonly [number, number]): void {
    this.#most = Math.max(this.#most, this.#mostWhile(live) + bytes);
    for (let at = live[0] + 1; at <= live[1] + 1; at++) {
      this.#bytes[at] = (this.#bytes[at] ?? 0) + bytes;
    }
  }

  #mostWhile([first, last]: readonly [number, number]): number {
    let most = 0;
    for (let at = first + 1; at <= last + 1; at++) most = Math.max(most, this.#bytes[at] ?? 0);
    return most;
  }
}
