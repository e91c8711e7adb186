/** The steps of a program in order, and their kernels, each once. */

import type { Kernel } from '../loop-ir.js';
import type { ProgramDraft } from '../memory/program-draft.js';
import { inPlaceParams } from '../memory/share-in-place.js';
import { spreadOverGrid } from '../optimize/grid/spread-over-grid.js';
import { optimizeKernel } from '../optimize/optimize-kernel.js';
import type { Argument, Launch, Step } from '../program.js';
import type { Capabilities } from '../schedule/capabilities.js';
import { inHalves } from './half-elements.js';
import type { KernelDraft } from './kernel-draft.js';
import { inWords } from './word-elements.js';

export class StepWriter {
  readonly #target: Capabilities;
  readonly #place: (buffer: string) => string;
  /** By all that makes them what they are, but the name. */
  readonly #kernels = new Map<string, Kernel>();
  readonly #namesTaken = new Map<string, number>();
  readonly #setup: Launch[] = [];
  /** Where steps go: those of the program, or of the branch or repeat that is being written. */
  #steps: Step[] = [];
  /** Which buffer holds what a kernel makes of its arguments. */
  readonly #prepared = new Map<string, string>();
  readonly #inPlace = new Map<string, readonly (readonly [string, string])[]>();

  /** `place` gives the buffer that a step is to name for one that a kernel reads or writes. */
  constructor(target: Capabilities, place: (buffer: string) => string) {
    this.#target = target;
    this.#place = place;
  }

  /** Adds the steps that a kernel takes, and their kernels unless equal ones are there. */
  launch(draft: KernelDraft, stem: string, label: string, macs: number): void {
    this.#steps.push(...this.#stepsOf(draft, stem, label, macs));
  }

  /** Adds a step that holds others. */
  add(step: Exclude<Step, Launch>): void {
    this.#steps.push(step);
  }

  /** The steps that `write` adds, which do not become the program's own. */
  stepsOf(write: () => void): readonly Step[] {
    const around = this.#steps;
    const inside: Step[] = [];
    this.#steps = inside;
    write();
    this.#steps = around;
    return inside;
  }

  /** An argument as steps are to have it. */
  placed({ buffer, offset }: Argument): Argument {
    return { buffer: this.#place(buffer), offset };
  }

  /**
   * Adds steps to the setup that write `buffer`, unless such are there that run the same kernels over the
   * same constants. Gives the buffer that holds the result.
   */
  prepare(draft: KernelDraft, stem: string, label: string, buffer: string): string {
    const steps = this.#stepsOf(draft, stem, label, 0);
    const read = (step: Launch) => step.args.filter((argument) => argument.buffer !== buffer);
    const key = JSON.stringify(steps.map((step) => [step.kernel, read(step)]));
    const known = this.#prepared.get(key);
    if (known !== undefined) return known;
    this.#setup.push(...steps);
    this.#prepared.set(key, buffer);
    return buffer;
  }

  #stepsOf(draft: KernelDraft, stem: string, label: string, macs: number): readonly Launch[] {
    const base = stem.toLowerCase().replace(/[^a-z0-9_]+/g, '_');
    const { params, args } = draft.parameters();
    const written = draft.kernel(base, params);
    const places = new Map(
      params
        .map(({ name }, i) => [name, args[i]] as const)
        .flatMap(([name, argument]) => {
          if (argument === undefined) return [];
          return [[name, this.placed(argument)] as const];
        }),
    );
    return kernelsFor(written, this.#target).map((kernel, i) => ({
      kind: 'launch',
      kernel: this.#add(kernel, written),
      args: kernel.params.flatMap(({ name }) => places.get(name) ?? []),
      label,
      macs: i === 0 ? macs : 0,
    }));
  }

  /** The name of a kernel, or of an equal one that is there. */
  #add(kernel: Kernel, written: Kernel): string {
    const key = keyOfKernel(kernel);
    let known = this.#kernels.get(key);
    if (known === undefined) {
      known = { ...kernel, name: this.#freshName(kernel.name) };
      this.#kernels.set(key, known);
      this.#inPlace.set(known.name, inPlaceParams(written));
    }
    return known.name;
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

/** What a target runs for a kernel as it was written: itself, or several that many threads can run. */
function kernelsFor(written: Kernel, target: Capabilities): readonly Kernel[] {
  const { grid } = target;
  if (grid === undefined) return [optimizeKernel(written, target)];
  const kernels = spreadOverGrid(optimizeKernel(inWords(written, grid), target));
  return grid.halves ? kernels.map((kernel) => inHalves(kernel, written)) : kernels;
}

function keyOfKernel(kernel: Kernel): string {
  // JSON has no bigints, and writes -0 as 0 and numbers that are not finite as null.
  return JSON.stringify(kernel, (_, value) => {
    if (typeof value === 'bigint') return `${value}n`;
    if (Object.is(value, -0)) return '-0';
    return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  });
}
