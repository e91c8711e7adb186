/**
 * Random programs that are valid, well-typed and in bounds, for property tests here and in the code
 * generators. Every arena buffer is an input and an output, so that all memory is compared.
 *
 * They are drawn from a `Choose`, so that fast-check can drive and shrink them:
 * `fc.property(fc.gen(), (g) => randomProgram(chooseFrom(g)))`.
 */

import { dtypes, newTypedArray, type TypedArray } from '@whittle/ir';
import fc, { type GeneratorValue } from 'fast-check';
import {
  type Argument,
  type Buffer,
  type Expr,
  type Grid,
  type Kernel,
  type Launch,
  literal,
  mapOperands,
  mapStmt,
  type Param,
  type Program,
  type ScalarType,
  type Step,
  type Stmt,
  type TensorData,
} from '../src/index.js';
import { inWords } from '../src/lower/word-elements.js';
import { assembleProgram } from '../src/memory/assemble-program.js';
import { numberBehind } from '../src/steps.js';
import type { Choose, RandomOptions } from './random-expr.js';
import { randomKernel } from './random-kernel.js';

export interface ProgramCase {
  readonly program: Program;
  readonly feeds: Record<string, TensorData>;
}

/** All numbers are as likely: programs of mostly first choices would be all alike. */
const anyBelow = (below: number) => fc.noBias(fc.nat({ max: below - 1 }));

export function chooseFrom(g: GeneratorValue): Choose {
  return (below) => g(anyBelow, below);
}

type ElementType = Param['dtype'];

export interface ProgramOptions extends RandomOptions {
  /** Dtypes that are not to be there, and what is in their stead. */
  readonly instead?: Instead;
  /** What the places of buffers are a multiple of. */
  readonly alignment?: number;
  /** Whether launches may stand in branches and repeats. Default: no. */
  readonly control?: boolean;
}

type Instead = Partial<Record<ElementType, ElementType>>;

export function randomProgram(choose: Choose, options: ProgramOptions = {}): ProgramCase {
  const { instead = {}, alignment = 64, control = false } = options;
  const kernels = Array.from({ length: 1 + choose(2) }, (_, i) => {
    const { kernel, extents } = randomKernel(`k${i}`, choose, options);
    return { kernel: retyped(kernel, instead), extents };
  });
  const buffers: Omit<Buffer, 'live'>[] = [];
  const constants: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  const ends = { arena: 0, constants: 0, prepared: 0 };
  const addBuffer = (dtype: ElementType, space: Buffer['space'], length: number): string => {
    const name = `b${buffers.length}`;
    buffers.push({ name, space, dtype, length, byteOffset: ends[space] });
    if (space === 'constants') {
      const at = ends.constants;
      constants.push({ at, bytes: bytesOf(randomData(dtype, length, choose)) });
    }
    ends[space] += Math.ceil((length * dtypes[dtype].bytes) / alignment) * alignment;
    return name;
  };
  const launches = kernels.map(
    ({ kernel, extents }): Launch => ({
      kind: 'launch',
      kernel: kernel.name,
      macs: 0,
      label: `step of ${kernel.name}`,
      args: kernel.params.map(({ name, dtype, space }) => {
        const { min, max } = extents.get(name) ?? { min: 0, max: 0 };
        const before = choose(3) - min;
        return { buffer: addBuffer(dtype, space, before + max + 1 + choose(3)), offset: before };
      }),
    }),
  );
  const element = (dtype: ElementType): Argument => {
    const offset = choose(3);
    return { buffer: addBuffer(dtype, 'arena', offset + 1), offset };
  };
  const steps = control
    ? launches.map((launch) => insideOfOthers(launch, choose, element))
    : launches;
  const weights = new Uint8Array(ends.constants);
  for (const { at, bytes } of constants) weights.set(bytes, at);
  const arena = buffers.filter(({ space }) => space === 'arena');
  const ports = arena.map(({ name, dtype, length }) => ({
    name: `port ${name}`,
    dtype,
    dims: [length],
    view: { buffer: name, dtype, dims: [length], strides: [1], offset: 0 },
  }));
  const feeds: Record<string, TensorData> = Object.create(null);
  for (const { name, dtype, dims } of ports) {
    feeds[name] = { dtype, dims, data: randomData(dtype, dims[0] ?? 0, choose) };
  }
  return {
    feeds,
    program: {
      name: 'random',
      inputs: ports,
      outputs: ports,
      kernels: kernels.map(({ kernel }) => kernel),
      setup: [],
      steps,
      buffers: buffers.map((buffer) => ({ ...buffer, live: [-1, numberBehind(steps)] as const })),
      arena: {
        bytes: ends.arena,
        lowerBoundBytes: ends.arena,
        banks: [{ byteOffset: 0, bytes: ends.arena }],
      },
      preparedBytes: ends.prepared,
      constants: weights,
    },
  };
}

/** A launch, or a branch or a repeat of a few turns that it stands in, or both. */
function insideOfOthers(
  launch: Launch,
  choose: Choose,
  element: (dtype: ElementType) => Argument,
): Step {
  const branch = (steps: readonly Step[]): Step => ({
    kind: 'if',
    condition: element('bool'),
    ...(choose(2) ? { then: steps, otherwise: [] } : { then: [], otherwise: steps }),
    label: 'if',
  });
  const repeat = (steps: readonly Step[]): Step => ({
    kind: 'repeat',
    counter: element('int64'),
    limit: choose(4),
    ...(choose(2) && { condition: element('bool') }),
    steps,
    label: 'loop',
  });
  const kinds = [
    () => launch,
    () => branch([launch, launch]),
    () => repeat([launch]),
    () => repeat([branch([launch]), launch]),
    () => branch([repeat([launch]), repeat([repeat([launch])])]),
  ];
  return kinds[choose(kinds.length)]?.() ?? launch;
}

/** What a target that has a grid runs: no float64, memory of words, in banks. */
export function randomGridProgram(
  choose: Choose,
  grid: Grid,
  options: ProgramOptions = {},
): ProgramCase {
  const instead: Instead = { float64: 'float32', ...options.instead };
  const { alignment } = grid;
  const { program, feeds } = randomProgram(choose, { ...options, instead, alignment });
  return { program: onGrid(program, grid), feeds };
}

/** A program without float64, its constants aligned, with memory of words in banks. */
export function onGrid(program: Program, grid: Grid): Program {
  const inSpace = (space: Buffer['space']) =>
    program.buffers.filter((buffer) => buffer.space === space);
  return assembleProgram({
    ...program,
    kernels: program.kernels.map((kernel) => inWords(kernel)),
    buffers: inSpace('arena'),
    prepared: inSpace('prepared'),
    placed: inSpace('constants'),
    inPlace: new Map(),
    grid,
  });
}

/** The kernel with other dtypes. */
function retyped(kernel: Kernel, instead: Instead): Kernel {
  const typeOf = <T extends ScalarType>(dtype: T): T | ElementType =>
    dtype === 'index' ? dtype : (instead[dtype as ElementType] ?? dtype);
  const expr = (old: Expr): Expr => {
    const mapped = mapOperands(old, expr);
    const dtype = typeOf(mapped.dtype);
    if (mapped.kind === 'load') {
      const arrives = dtype === 'float16' || dtype === 'bfloat16' ? 'float32' : dtype;
      return { ...mapped, dtype: arrives };
    }
    return mapped.kind === 'literal' ? literal(dtype, mapped.value) : { ...mapped, dtype };
  };
  const block = (stmts: readonly Stmt[]): Stmt[] =>
    stmts.map((stmt) => {
      const mapped = mapStmt(stmt, expr, block);
      return mapped.kind === 'local' ? { ...mapped, dtype: typeOf(mapped.dtype) } : mapped;
    });
  const params = kernel.params.map((param) => ({ ...param, dtype: typeOf(param.dtype) }));
  return { ...kernel, params, body: block(kernel.body) };
}

function randomData(dtype: ElementType, length: number, choose: Choose): TypedArray {
  const data = newTypedArray(dtype, length);
  let value = choose(1000);
  for (let i = 0; i < length; i++) {
    value = (value * 109 + 89) % 256;
    if (data instanceof BigInt64Array || data instanceof BigUint64Array)
      data[i] = BigInt(value) << BigInt(value % 60);
    else if (dtype === 'float32' || dtype === 'float64') data[i] = (value - 128) / 16;
    else if (dtype === 'bool') data[i] = value & 1;
    else data[i] = value * (i % 5 === 0 ? 7919 : 1);
  }
  return data;
}

function bytesOf(data: TypedArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
