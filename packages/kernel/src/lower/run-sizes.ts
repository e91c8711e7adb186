/** Where a run leaves the sizes that only it can tell: each in a buffer of one int32. */

import { CompilerError, type Dim, formatDim, isBound, type Value } from '@whittle/ir';
import type { Block } from '../block.js';
import { cast } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import type { PortSize } from '../program.js';
import type { View } from '../view.js';
import { KernelDraft, type ValueSource } from './kernel-draft.js';
import { allocate, type BufferDraft } from './placement.js';
import { nameOfDim } from './tails.js';

export class RunSizes {
  readonly #source: ValueSource;
  readonly #buffers: BufferDraft[];
  readonly #launch: (draft: KernelDraft) => void;
  /** By the text of the dim. */
  readonly #views = new Map<string, View>();

  /** `launch` adds a step. */
  constructor(source: ValueSource, buffers: BufferDraft[], launch: (draft: KernelDraft) => void) {
    this.#source = source;
    this.#buffers = buffers;
    this.#launch = launch;
  }

  /** Has a kernel write a size, unless inference knows it or it is written already. */
  set(draft: KernelDraft, block: Block, value: Value, axis: number, size: Expr): void {
    const name = nameOfDim(this.#source.dimsOf(value)[axis] ?? 1);
    if (name === undefined || this.#views.has(name)) return;
    this.#store(draft, block, name, size);
  }

  viewOf(name: string): View {
    const view = this.#views.get(name);
    if (view !== undefined) return view;
    throw new CompilerError('E_INTERNAL', `No kernel says how large "${name}" is.`);
  }

  /** The sizes of a model output that only a run tells, in the order of its axes. */
  ofPort(value: Value): readonly PortSize[] {
    return this.#source.dimsOf(value).flatMap((dim, axis) => {
      if (isBound(dim)) return [];
      const { buffer } = this.#viewOfDim(dim);
      return [{ axis, name: nameOfDim(dim) ?? formatDim(dim), buffer }];
    });
  }

  /** What is more than a name gets a kernel that computes it. */
  #viewOfDim(dim: Dim): View {
    const name = nameOfDim(dim);
    if (name !== undefined) return this.viewOf(name);
    const text = formatDim(dim);
    const known = this.#views.get(text);
    if (known !== undefined) return known;
    const draft = new KernelDraft(this.#source);
    const view = this.#store(draft, draft.block, text, draft.size(dim));
    this.#launch(draft);
    return view;
  }

  #store(draft: KernelDraft, block: Block, key: string, size: Expr): View {
    const tensor = { name: key, dtype: 'int32', dims: [] } as const;
    const view = allocate(tensor, 'row-major', undefined, this.#buffers);
    this.#views.set(key, view);
    draft.destination(view, 'size').store(block, [], cast(size, 'int32'));
    return view;
  }
}
