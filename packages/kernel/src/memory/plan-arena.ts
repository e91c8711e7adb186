/**
 * Planning the arena: a place for every buffer such that no two that live at the same step overlap.
 * Greedy by size, and greedy by breadth (the steps that hold the most bytes first); the smaller plan
 * is kept. The lower bound, the largest sum of live bytes at any step, says how far from the best
 * either can be.
 *
 * Source: Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net Inference",
 * arXiv 2001.03288.
 */

export interface Request {
  readonly bytes: number;
  /** The first and last step at which the buffer holds something that matters. */
  readonly live: readonly [number, number];
}

export interface Arena {
  /** The place of each request, in the order given; a multiple of the alignment. */
  readonly offsets: readonly number[];
  readonly bytes: number;
  readonly lowerBoundBytes: number;
}

/** What places are a multiple of, in bytes, where the target asks for no more. */
export const defaultAlignment = 64;

export function alignUp(bytes: number, alignment = defaultAlignment): number {
  return Math.ceil(bytes / alignment) * alignment;
}

export function planArena(requests: readonly Request[], alignment = defaultAlignment): Arena {
  const sizes = requests.map((request) => alignUp(request.bytes, alignment));
  const loads = liveBytesByStep(requests, sizes);
  const bySize = requests
    .map((_, i) => i)
    .sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b);
  const plans = [place(requests, sizes, bySize)];
  if (requests.length <= breadthLimit) {
    plans.push(place(requests, sizes, orderByBreadth(requests, sizes, loads)));
  }
  const best = plans.reduce((a, b) => (b.bytes < a.bytes ? b : a));
  return { ...best, lowerBoundBytes: largest(loads) };
}

/** The largest sum of live bytes at any step. */
export function lowerBoundOf(requests: readonly Request[], alignment: number): number {
  const sizes = requests.map((request) => alignUp(request.bytes, alignment));
  return largest(liveBytesByStep(requests, sizes));
}

function largest(loads: readonly number[]): number {
  return loads.reduce((max, load) => Math.max(max, load), 0);
}

/** Beyond this many buffers only one order is tried, to keep the time near linear. */
const breadthLimit = 20_000;

/** The sum of live bytes at each step, by prefix sums; step -1 (inputs) comes first. */
function liveBytesByStep(requests: readonly Request[], sizes: readonly number[]): number[] {
  const last = requests.reduce((max, { live }) => Math.max(max, live[1]), -1);
  const changes = new Array<number>(last + 3).fill(0);
  requests.forEach(({ live }, i) => {
    const size = sizes[i] ?? 0;
    changes[live[0] + 1] = (changes[live[0] + 1] ?? 0) + size;
    changes[live[1] + 2] = (changes[live[1] + 2] ?? 0) - size;
  });
  let sum = 0;
  return changes.map((change) => {
    sum += change;
    return sum;
  });
}

/** The buffers of the fullest step first, each step's largest first. */
function orderByBreadth(
  requests: readonly Request[],
  sizes: readonly number[],
  loads: readonly number[],
): number[] {
  const breadth = requests.map(({ live }) => {
    let most = 0;
    for (let step = live[0]; step <= live[1]; step++) most = Math.max(most, loads[step + 1] ?? 0);
    return most;
  });
  return requests
    .map((_, i) => i)
    .sort(
      (a, b) => (breadth[b] ?? 0) - (breadth[a] ?? 0) || (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b,
    );
}

interface Interval {
  readonly start: number;
  readonly end: number;
}

/** Puts each request, in the order given, into the lowest gap among those that live with it. */
function place(
  requests: readonly Request[],
  sizes: readonly number[],
  order: readonly number[],
): { offsets: number[]; bytes: number } {
  const offsets = new Array<number>(requests.length).fill(0);
  const placedAt = new Map<number, number[]>();
  const beginsAt = new Map<number, number[]>();
  let bytes = 0;
  for (const i of order) {
    const request = requests[i];
    const size = sizes[i] ?? 0;
    if (request === undefined) continue;
    // Who lives at its first step, and who begins later while it lives: each comes once.
    const [first, last] = request.live;
    const taken = [...(placedAt.get(first) ?? [])];
    for (let step = first + 1; step <= last; step++) {
      for (const other of beginsAt.get(step) ?? []) taken.push(other);
    }
    const neighbours: Interval[] = taken.map((other) => ({
      start: offsets[other] ?? 0,
      end: (offsets[other] ?? 0) + (sizes[other] ?? 0),
    }));
    const offset = lowestGap(neighbours, size);
    offsets[i] = offset;
    bytes = Math.max(bytes, offset + size);
    const beside = beginsAt.get(first);
    if (beside) beside.push(i);
    else beginsAt.set(first, [i]);
    for (let step = request.live[0]; step <= request.live[1]; step++) {
      const here = placedAt.get(step);
      if (here) here.push(i);
      else placedAt.set(step, [i]);
    }
  }
  return { offsets, bytes };
}

function lowestGap(taken: Interval[], size: number): number {
  taken.sort((a, b) => a.start - b.start);
  let offset = 0;
  for (const { start, end } of taken) {
    if (start - offset >= size) return offset;
    offset = Math.max(offset, end);
  }
  return offset;
}
