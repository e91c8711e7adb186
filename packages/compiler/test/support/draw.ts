import { type GraphBuilder, seededIntegers, seededTensor, type Value } from '@whittle/ir';

/** Random choices; the same seed gives the same ones. */
export class Draw {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = seededIntegers(seed);
  }

  /** 0, 1, … below `count`. */
  below(count: number): number {
    return Math.floor((this.#next() / 2 ** 32) * count);
  }

  chance(of: number): boolean {
    return this.#next() / 2 ** 32 < of;
  }

  of<T>(list: readonly T[]): T {
    const item = list[this.below(list.length)];
    if (item === undefined && !list.includes(item as T)) throw new RangeError('Nothing to draw.');
    return item as T;
  }

  shuffled<T>(list: readonly T[]): T[] {
    const keyed = list.map((item) => ({ item, key: this.#next() }));
    return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
  }

  /** A constant whose sums stay of the size of what they are multiplied with. */
  weights(builder: GraphBuilder, dims: readonly number[]): Value {
    return builder.constant(seededTensor('float32', dims, this.#next()));
  }
}
