/**
 * A program as dispatches: which shader each step runs, and which ranges of which buffers it is bound to.
 * Steps that run one kernel over memory that lies alike share a shader.
 */

import {
  type Buffer,
  bankOf,
  CompilerError,
  dtypes,
  type Kernel,
  type Launch,
  launchesIn,
  type Param,
  type Port,
  type PortSize,
  type Program,
} from '@whittle/kernel';
import type {
  Dispatch,
  GpuBufferName,
  GpuPort,
  GpuProgram,
  PlacedSize,
  Range,
  Shader,
} from './gpu-program.js';
import { printShader } from './print-shader.js';
import type { PlacedParam, ShaderParams, Slot } from './shader-params.js';
import { isWord } from './types.js';

/** Every device lets a shader have so many storage buffers. */
const mostBindings = 8;

export function planDispatches(program: Program, workgroupSize: number): GpuProgram {
  const planner = new Planner(program, workgroupSize);
  const setup = program.setup.map((step) => planner.dispatch(step));
  // Lowering leaves no control flow where there is a grid.
  const dispatches = launchesIn(program.steps).map((step) => planner.dispatch(step));
  return {
    shaders: planner.shaders,
    banks: program.arena.banks.map(({ bytes }) => bytes),
    preparedBytes: program.preparedBytes,
    constants: program.constants,
    setup,
    dispatches,
    inputs: program.inputs.map((port) => planner.port(port)),
    outputs: program.outputs.map((port) => planner.port(port)),
    ...(planner.holdsHalves && { features: ['shader-f16'] as const }),
  };
}

class Planner {
  /** Whether floats are held in halves, for which shaders have a type. */
  readonly holdsHalves: boolean;
  readonly shaders: Shader[] = [];
  readonly #workgroups: Dispatch['workgroups'][] = [];
  readonly #byForm = new Map<string, number>();
  readonly #program: Program;
  readonly #kernels: ReadonlyMap<string, Kernel>;
  readonly #buffers: ReadonlyMap<string, Buffer>;
  readonly #workgroupSize: number;

  constructor(program: Program, workgroupSize: number) {
    this.#program = program;
    this.#workgroupSize = workgroupSize;
    this.#kernels = new Map(program.kernels.map((kernel) => [kernel.name, kernel]));
    this.#buffers = new Map(program.buffers.map((buffer) => [buffer.name, buffer]));
    this.holdsHalves = program.buffers.some(
      ({ space, dtype }) => space !== 'constants' && dtype === 'float16',
    );
  }

  dispatch(step: Launch): Dispatch {
    const kernel = this.#kernels.get(step.kernel) ?? missing('kernel', step.kernel);
    const bound = fewBindings(this.#bind(kernel, step));
    const shader = this.#shader(kernel, bound);
    const workgroups = this.#workgroups[shader] ?? missing('shader of', step.kernel);
    return { shader, workgroups, bindings: bound.map(({ range }) => range) };
  }

  port({ name, dtype, dims, view, sizes }: Port): GpuPort {
    const buffer = this.#buffers.get(view.buffer) ?? missing('buffer', view.buffer);
    const { range } = this.#place(buffer);
    const { dtype: held } = buffer;
    if (!isWord(held) && held !== 'float16') return missing('words of', buffer.name);
    const { bytes } = dtypes[held];
    const length = dims.reduce((product, dim) => product * dim, 1);
    const byteOffset = range.byteOffset + bytes * view.offset;
    const byteLength = 4 * Math.ceil((bytes * length) / 4);
    return {
      ...{ name, dtype, dims, held },
      range: { ...range, byteOffset, byteLength },
      ...(sizes && { sizes: sizes.map((size) => this.#size(size)) }),
    };
  }

  #size({ axis, name, buffer }: PortSize): PlacedSize {
    const { range } = this.#place(this.#buffers.get(buffer) ?? missing('buffer', buffer));
    return { axis, name, range: { ...range, byteLength: 4 } };
  }

  /** One binding for each buffer that a step works on. */
  #bind(kernel: Kernel, step: Launch): readonly Bound[] {
    const bound = new Map<string, Bound>();
    kernel.params.forEach((param, i) => {
      const argument = step.args[i] ?? missing(`argument ${i} of`, kernel.name);
      const buffer = this.#buffers.get(argument.buffer) ?? missing('buffer', argument.buffer);
      const known = bound.get(buffer.name) ?? {
        slot: this.#slotOf(buffer),
        ...this.#place(buffer),
        params: [],
      };
      const isWritten = param.access === 'write' || known.slot.access === 'read_write';
      bound.set(buffer.name, {
        ...known,
        slot: { ...known.slot, access: isWritten ? 'read_write' : 'read' },
        params: [...known.params, { param, offset: argument.offset }],
      });
    });
    return withoutConflicts([...bound.values()]);
  }

  #slotOf({ dtype }: Buffer): Slot {
    const slot = { dtype, access: 'read' } as const;
    return this.holdsHalves && dtype === 'float16' ? { ...slot, isNative: true } : slot;
  }

  #place(buffer: Buffer): { readonly range: Range } {
    const { space, byteOffset, length, dtype } = buffer;
    // A whole number of vec4, of which a shader may have an array: places are multiples of 256.
    const byteLength = Math.max(16, 16 * Math.ceil((length * dtypes[dtype].bytes) / 16));
    if (space === 'constants') return { range: { buffer: 'weights', byteOffset, byteLength } };
    if (space === 'prepared') return { range: { buffer: 'prepared', byteOffset, byteLength } };
    const { arena } = this.#program;
    const bank = bankOf(buffer, arena);
    const range = { buffer: arena.banks.indexOf(bank), byteLength };
    return { range: { ...range, byteOffset: byteOffset - bank.byteOffset } };
  }

  #shader(kernel: Kernel, bound: readonly Bound[]): number {
    const slots = bound.map(({ slot }) => slot);
    const params = new Map(
      bound.flatMap((binding, slot) =>
        binding.params.map(({ param, offset }): [string, PlacedParam] => [
          param.name,
          { slot, offset },
        ]),
      ),
    );
    const form = JSON.stringify([kernel.name, slots, [...params]]);
    const known = this.#byForm.get(form);
    if (known !== undefined) return known;
    const bindings: ShaderParams = { slots, params };
    const printed = printShader(kernel, bindings, { workgroupSize: this.#workgroupSize });
    const number = this.shaders.push({ code: printed.code, bindings: printed.bindings }) - 1;
    this.#workgroups.push(printed.workgroups);
    this.#byForm.set(form, number);
    return number;
  }
}

/** A range of a buffer that is bound, and the parameters that lie there. */
interface Bound {
  readonly slot: Slot;
  readonly range: Range;
  readonly params: readonly { readonly param: Param; readonly offset: number }[];
}

/** What a dispatch writes to one part of a buffer it may not bind another part of for reading only. */
function withoutConflicts(bound: readonly Bound[]): readonly Bound[] {
  const written = new Set<GpuBufferName>();
  for (const { slot, range } of bound) {
    if (slot.access === 'read_write') written.add(range.buffer);
  }
  return bound.map((binding) =>
    written.has(binding.range.buffer)
      ? { ...binding, slot: { ...binding.slot, access: 'read_write' } }
      : binding,
  );
}

/** Where bindings are too many, those of one buffer and dtype become one from the first to the last. */
function fewBindings(bound: readonly Bound[]): readonly Bound[] {
  if (bound.length <= mostBindings) return bound;
  const merged = new Map<string, Bound>();
  for (const binding of bound) {
    const key = `${binding.range.buffer} ${binding.slot.dtype}`;
    const known = merged.get(key);
    merged.set(key, known === undefined ? binding : join(known, binding));
  }
  if (merged.size > mostBindings) missing('room for bindings', String(merged.size));
  return [...merged.values()];
}

function join(a: Bound, b: Bound): Bound {
  const byteOffset = Math.min(a.range.byteOffset, b.range.byteOffset);
  const end = Math.max(...[a, b].map(({ range }) => range.byteOffset + range.byteLength));
  const { bytes } = dtypes[a.slot.dtype];
  const moved = ({ params, range }: Bound): Bound['params'] =>
    params.map(({ param, offset }) => ({
      param,
      offset: offset + (range.byteOffset - byteOffset) / bytes,
    }));
  return {
    slot: a.slot,
    range: { buffer: a.range.buffer, byteOffset, byteLength: end - byteOffset },
    params: [...moved(a), ...moved(b)],
  };
}

function missing(what: string, name: string): never {
  throw new CompilerError('E_INTERNAL', `The program lacks ${what} ${JSON.stringify(name)}.`);
}
