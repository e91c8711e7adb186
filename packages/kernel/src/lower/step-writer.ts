/** The steps of a program in order, and their kernels, each once. */

import type { Kernel } from '../loop-ir.js';
import type { ProgramDraft } from '../memory/program-draft.js';
import { inPlaceParams } from '../memory/share-in-place.js';
import { optimizeKernel } from '../optimize/optimize-kernel.js';
import type { Step } from '../program.js';
import type { Capabilities } from '../schedule/capabilities.js';
import type { KernelDraft } from './kernel-draft.js';

export class StepWriter {
  readonly #target: Capabilities;
  readonly #place: (buffer: string) => string;
  /** By all that makes them what they are, but the name. */
  readonly #kernels = new Map<string, Kernel>();
  readonly #namesTaken = new Map<string, number>();
  readonly #setup: Step[] = [];
  readonly #steps: Step[] = [];
  /** Which buffer holds what a kernel makes of its arguments. */
  readonly #prepared = new Map<string, string>();
  readonly #inPlace = new Map<string, readonly (readonly [string, string])[]>();

  /** `place` gives the buffer that a step is to name for one that a kernel reads or writes. */
  constructor(target: Capabilities, place: (buffer: string) => string) {
    this.#target = target;
    this.#place = place;
  }

  /** Adds a step, and its kernel unless an equal one is there. */
  launch(draft: KernelDraft, stem: string, label: string, macs: number): void {
    this.#steps.push(this.#stepOf(draft, stem, label, macs));
  }

  /**
   * Adds a step to the setup that writes `buffer`, unless one is there that runs the same kernel over the
   * same constants. Gives the buffer that holds the result.
   */
  prepare(draft: KernelDraft, stem: string, label: string, buffer: string): string {
    const step = this.#stepOf(draft, stem, label, 0);
    const read = step.args.filter((argument) => argument.buffer !== buffer);
    const key = JSON.stringify([step.kernel, read]);
    const known = this.#prepared.get(key);
    if (known !== undefined) return known;
    this.#setup.push(step);
    this.#prepared.set(key, buffer);
    return buffer;
  }

  #stepOf(draft: KernelDraft, stem: string, label: string, macs: number): Step {
    const base = stem.toLowerCase().replace(/[^a-z0-9_]+/g, '_');
    const { params, args } = draft.parameters();
    const written = { name: base, params, body: draft.block.stmts };
    const kernel = optimizeKernel(written, this.#target);
    const key = keyOfKernel(kernel);
    let known = this.#kernels.get(key);
    if (known === undefined) {
      known = { ...kernel, name: this.#freshName(base) };
      this.#kernels.set(key, known);
      this.#inPlace.set(known.name, inPlaceParams(written));
    }
    const placed = args.map(({ buffer, offset }) => ({ buffer: this.#place(buffer), offset }));
    return { kernel: known.name, args: placed, label, macs };
  }

  written(): Pick<ProgramDraft, 'kernels' | 'setup' | 'steps' | 'inPlace'> {
    return {
      kernels: [...this.#kernels.values()],
      setup: this.#setup,
      steps: this.#steps,
      inPlace: this.#inPlace,
    };
  }

  #freshName(base: string): string {
    const count = this.#namesTaken.get(base) ?? 0;
    this.#namesTaken.set(base, count + 1);
    return count === 0 ? base : `${base}_${count}`;
  }
}

function keyOfKernel(kernel: Kernel): string {
  // JSON has no bigints, and writes -0 as 0 and numbers that are not finite as null.
  return JSON.stringify(kernel, (_, value) => {
    if (typeof value === 'bigint') return `${value}n`;
    if (Object.is(value, -0)) return '-0';
    return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  });
}
