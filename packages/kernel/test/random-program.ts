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
  type Buffer,
  type Expr,
  type Grid,
  type Kernel,
  literal,
  mapOperands,
  mapStmt,
  type Param,
  type Program,
  type ScalarType,
  type Stmt,
  type TensorData,
} from '../src/index.js';
import { inWords } from '../src/lower/word-elements.js';
import { assembleProgram } from '../src/memory/assemble-program.js';
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
}

type Instead = Partial<Record<ElementType, ElementType>>;

export function randomProgram(choose: Choose, options: ProgramOptions = {}): ProgramCase {
  const { instead = {}, alignment = 64 } = options;
  const kernels = Array.from({ length: 1 + choose(2) }, (_, i) => {
    const { kernel, extents } = randomKernel(`k${i}`, choose, options);
    return { kernel: retyped(kernel, instead), extents };
  });
  const buffers: Buffer[] = [];
  const constants: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  const ends = { arena: 0, constants: 0, prepared: 0 };
  const steps = kernels.map(({ kernel, extents }) => ({
    kernel: kernel.name,
    macs: 0,
    label: `step of ${kernel.name}`,
    args: kernel.params.map((param) => {
      const { min, max } = extents.get(param.name) ?? { min: 0, max: 0 };
      const before = choose(3) - min;
      const length = before + max + 1 + choose(3);
      const bytes = length * dtypes[param.dtype].bytes;
      const name = `b${buffers.length}`;
      const { dtype, space } = param;
      buffers.push({
        name,
        space,
        dtype,
        length,
        byteOffset: ends[space],
        live: [-1, kernels.length],
      });
      if (space === 'constants') {
        const at = ends.constants;
        constants.push({ at, bytes: bytesOf(randomData(dtype, length, choose)) });
      }
      ends[space] += Math.ceil(bytes / alignment) * alignment;
      return { buffer: name, offset: before };
    }),
  }));
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
      buffers,
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
