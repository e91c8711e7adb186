/**
 * What a fused kernel did, from the elements that it read and wrote: sorted into the bands of output
 * rows that it works in, and told by rows.
 */

/** Square images and filters; the padding is half the kernel. */
export interface SeparableShape {
  readonly size: number;
  readonly channels: number;
  /** Channels of the expansion; absent where the image is filtered as it is. */
  readonly expanded?: number;
  readonly kernel: number;
  readonly stride: number;
  /** Output rows of a band. */
  readonly bandRows: number;
}

/** What is known of one band of output rows, by row numbers; those of the image begin at 0. */
export interface Band {
  /** Rows of the image, the zeros around it included, that were read. */
  readonly read: ReadonlySet<number>;
  /** What each slot of the ring held in the end: a row of the image, or zeros. */
  readonly slots: ReadonlyMap<number, number | 'zeros'>;
  /** The slots that were written. */
  readonly fresh: ReadonlySet<number>;
  readonly scratch: ReadonlySet<number>;
  /** Rows of the output that were written. */
  readonly written: ReadonlySet<number>;
}

interface OpenBand extends Band {
  readonly read: Set<number>;
  readonly fresh: Set<number>;
  readonly scratch: Set<number>;
  readonly written: Set<number>;
  readonly slots: Map<number, number | 'zeros'>;
}

/** Sorts accesses into bands: the next begins where one is read for after output was written. */
export class AccessLog {
  readonly bands: OpenBand[] = [];
  readonly #rows: Readonly<Record<string, RowLayout>>;
  /** The row of the image that was read since the ring was last written. */
  #source: number | 'zeros' = 'zeros';
  #slot: number | undefined;

  constructor(shape: SeparableShape) {
    this.#rows = rowLayouts(shape);
  }

  read(param: string, at: number): void {
    const place = param === 'x' ? this.#placeOf(param, at) : undefined;
    if (place === undefined) return;
    this.#source = place.row;
    this.#working().read.add(place.row);
  }

  write(param: string, at: number): void {
    const place = this.#placeOf(param, at);
    if (place === undefined) return;
    if (param === 'y') this.#current().written.add(place.row);
    else if (param === 'band') this.#working().scratch.add(place.row);
    else if (param === 'ring' && place.isInside) this.#writeRing(place.row);
  }

  #writeRing(slot: number): void {
    const band = this.#working();
    if (slot !== this.#slot) {
      this.#slot = slot;
      band.slots.set(slot, this.#source);
      band.fresh.add(slot);
    }
    this.#source = 'zeros';
  }

  #placeOf(param: string, at: number): { row: number; isInside: boolean } | undefined {
    const layout = this.#rows[param];
    if (layout === undefined) return undefined;
    const { channels, before, size, after } = layout;
    const column = Math.floor(at / channels) + before;
    const row = Math.floor(column / (before + size + after));
    const inRow = column - row * (before + size + after);
    return { row, isInside: inRow >= before && inRow < before + size };
  }

  /** The band whose output is not begun. */
  #working(): OpenBand {
    const band = this.#current();
    return band.written.size === 0 ? band : this.#open(band);
  }

  #current(): OpenBand {
    return this.bands.at(-1) ?? this.#open(undefined);
  }

  #open(before: OpenBand | undefined): OpenBand {
    const band = {
      read: new Set<number>(),
      fresh: new Set<number>(),
      scratch: new Set<number>(),
      written: new Set<number>(),
      slots: new Map(before?.slots),
    };
    this.bands.push(band);
    return band;
  }
}

/** Rows of `size` pixels, with zeros before and after each, all channels of a pixel together. */
interface RowLayout {
  readonly channels: number;
  readonly size: number;
  readonly before: number;
  readonly after: number;
}

function rowLayouts(shape: SeparableShape): Readonly<Record<string, RowLayout>> {
  const { size, channels, expanded, kernel, stride } = shape;
  const padding = kernel >> 1;
  const results = Math.floor((size + 2 * padding - kernel) / stride) + 1;
  const reached = (results - 1) * stride + kernel - padding;
  const dense = { before: 0, after: 0 };
  const padded = { before: padding, after: Math.max(0, reached - size) };
  return {
    x: { channels, size, ...(expanded === undefined ? padded : dense) },
    ring: { channels: expanded ?? channels, size, ...padded },
    band: { channels: expanded ?? channels, size: results, ...dense },
    y: { channels, size: results, ...dense },
  };
}
