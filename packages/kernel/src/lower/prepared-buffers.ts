/** The buffers that the setup fills. */

import type { View } from '../view.js';
import type { BufferDraft } from './placement.js';

export class PreparedBuffers {
  readonly #drafts: BufferDraft[] = [];

  has(buffer: string): boolean {
    return this.#drafts.some(({ name }) => name === buffer);
  }

  /**
   * A buffer of so many elements. `fill` says which buffer holds what was to be in it: where that is
   * another, none is added.
   */
  add(length: number, dtype: 'float32' | 'int32', fill: (view: View) => string): View {
    const name = `p${this.#drafts.length}`;
    const view: View = { buffer: name, dtype, dims: [length], strides: [1], offset: 0 };
    this.#drafts.push({ name, space: 'prepared', dtype, length });
    const buffer = fill(view);
    if (buffer !== name) this.#drafts.pop();
    return { ...view, buffer };
  }

  drafts(): readonly BufferDraft[] {
    return this.#drafts;
  }
}
