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
  type BinaryOp,
  type Buffer,
  binary,
  binaryOps,
  cast,
  type Expr,
  index,
  type Kernel,
  literal,
  load,
  type Param,
  type Program,
  type Range,
  rangeOf,
  rangeOfLoop,
  type ScalarType,
  type Stmt,
  select,
  type TensorData,
  type UnaryOp,
  unary,
  unaryOps,
  variable,
} from '../src/index.js';

/** A whole number from 0 up to but without `below`. */
export type Choose = (below: number) => number;

export interface ProgramCase {
  readonly program: Program;
  readonly feeds: Record<string, TensorData>;
}

export function chooseFrom(g: GeneratorValue): Choose {
  return (below) => g(fc.nat, { max: below - 1 });
}

type ElementType = Param['dtype'];

const elementTypes: readonly ElementType[] = [
  ...(['float32', 'float32', 'float32', 'int32', 'uint8', 'int64', 'bool', 'float64'] as const),
  ...(['float16', 'bfloat16', 'int8', 'int16', 'uint16', 'uint32', 'uint64'] as const),
];

const scalarTypes: readonly ScalarType[] = [
  ...elementTypes.filter((dtype) => dtype !== 'float16' && dtype !== 'bfloat16'),
  'index',
];

const comparisons: ReadonlySet<BinaryOp> = new Set(['eq', 'ne', 'lt', 'le', 'gt', 'ge']);
const logic: ReadonlySet<BinaryOp> = new Set(['and', 'or', 'xor']);
const ofIntegers: ReadonlySet<BinaryOp> = new Set([
  ...(['floordiv', 'floormod', 'bitand', 'bitor', 'bitxor', 'shl', 'shr'] as const),
]);
const unaryOfAny: readonly UnaryOp[] = ['neg', 'abs', 'sign'];

export function randomProgram(choose: Choose): ProgramCase {
  const kernels = Array.from({ length: 1 + choose(2) }, (_, i) => randomKernel(`k${i}`, choose));
  const buffers: Buffer[] = [];
  const constants: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  const ends = { arena: 0, constants: 0 };
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
      ends[space] += Math.ceil(bytes / 64) * 64;
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
      steps,
      buffers,
      arena: { bytes: ends.arena, lowerBoundBytes: ends.arena },
      constants: weights,
    },
  };
}

interface KernelCase {
  readonly kernel: Kernel;
  /** The positions that a parameter may be accessed at. */
  readonly extents: ReadonlyMap<string, Range>;
}

function randomKernel(name: string, choose: Choose): KernelCase {
  const writer = new KernelWriter(choose);
  const body = writer.block(3);
  return { kernel: { name, params: writer.params, body }, extents: writer.extents };
}

class KernelWriter {
  readonly params: Param[] = [];
  readonly extents = new Map<string, Range>();
  readonly #choose: Choose;
  readonly #ranges = new Map<string, Range>();
  #scope: { readonly name: string; readonly dtype: ScalarType; readonly mutable: boolean }[] = [];
  #names = 0;

  constructor(choose: Choose) {
    this.#choose = choose;
    const count = 2 + choose(3);
    for (let i = 0; i < count; i++) {
      const access = i === 0 || choose(3) === 0 ? 'write' : 'read';
      const space = access === 'read' && choose(2) === 0 ? 'constants' : 'arena';
      this.params.push({ name: `m${i}`, dtype: this.#pick(elementTypes), space, access });
    }
  }

  block(depth: number): Stmt[] {
    const outer = [...this.#scope];
    const count = 1 + this.#choose(3);
    const stmts: Stmt[] = [];
    for (let i = 0; i < count; i++) stmts.push(this.#stmt(depth));
    this.#scope = outer;
    return stmts;
  }

  #stmt(depth: number): Stmt {
    const kind = this.#choose(depth > 0 ? 10 : 5);
    if (kind === 0) return this.#let();
    if (kind === 1) return this.#local();
    if (kind === 2) return this.#assign() ?? this.#store();
    if (kind <= 4) return this.#store();
    if (kind === 5) {
      const condition = this.#expr('bool', 2);
      const then = this.block(depth - 1);
      const otherwise = this.#choose(2) === 0 ? [] : this.block(depth - 1);
      return { kind: 'if', condition, then, otherwise };
    }
    return kind === 6 ? this.#denseNest() : this.#for(depth);
  }

  /** Two perfectly nested loops over memory that is dense, or nearly so: what tensors give. */
  #denseNest(): Stmt {
    const [rows, columns, step] = [
      1 + this.#choose(4),
      2 * (1 + this.#choose(3)),
      1 + this.#choose(2),
    ];
    const names = [this.#fresh(), this.#fresh()];
    const stride = this.#choose(4) === 0 ? columns + this.#choose(2) : columns;
    const [i, j] = names.map((name) => variable(name, 'index'));
    if (i === undefined || j === undefined) throw new RangeError('Two names make two variables.');
    const loops = names.map((name, at): Extract<Stmt, { kind: 'for' }> => {
      const end = index(at === 0 ? rows : columns);
      return { kind: 'for', name, start: index(0), end, step: at === 0 ? 1 : step, body: [] };
    });
    for (const loop of loops) this.#ranges.set(loop.name, rangeOfLoop(loop, this.#ranges));
    const flat = binary('add', binary('mul', i, index(stride)), j);
    const outer = this.#scope;
    // Sometimes all that is inside sees the flat position only, as in an elementwise kernel.
    const name = this.#fresh();
    this.#ranges.set(name, rangeOf(flat, this.#ranges));
    this.#scope = [{ name, dtype: 'index', mutable: false }];
    if (this.#choose(3) === 0) {
      this.#scope.push(
        ...names.map((own) => ({ name: own, dtype: 'index', mutable: false }) as const),
      );
    }
    const body: Stmt[] = [{ kind: 'let', name, value: flat }, this.#store(), this.#store()];
    this.#scope = outer;
    const [first, second] = loops;
    if (first === undefined || second === undefined) throw new RangeError('There are two loops.');
    return { ...first, body: [{ ...second, body }] };
  }

  #for(depth: number): Stmt {
    const start = index(this.#choose(4) === 0 ? this.#choose(3) : 0);
    const bounded = this.#choose(4) === 0 ? this.#smallIndex() : undefined;
    const end = bounded ?? index(Number(start.value) + this.#choose(5));
    const name = this.#fresh();
    const loop = { kind: 'for', name, start, end, step: 1 + this.#choose(2), body: [] } as const;
    this.#ranges.set(name, rangeOfLoop(loop, this.#ranges));
    this.#scope.push({ name, dtype: 'index', mutable: false });
    const body = this.block(depth - 1);
    this.#scope.pop();
    return { ...loop, body };
  }

  #let(): Stmt {
    const value = this.#expr(this.#pick(scalarTypes), 3);
    const name = this.#fresh();
    if (value.dtype === 'index') this.#ranges.set(name, rangeOf(value, this.#ranges));
    this.#scope.push({ name, dtype: value.dtype, mutable: false });
    return { kind: 'let', name, value };
  }

  #local(): Stmt {
    // An index that changes has no known range, so none is made.
    const dtype = this.#pick(scalarTypes.filter((type) => type !== 'index'));
    const init = this.#expr(dtype, 2);
    const name = this.#fresh();
    this.#scope.push({ name, dtype, mutable: true });
    return { kind: 'local', name, dtype, init };
  }

  #assign(): Stmt | undefined {
    const targets = this.#scope.filter(({ mutable }) => mutable);
    if (targets.length === 0) return undefined;
    const { name, dtype } = this.#pick(targets);
    return { kind: 'assign', name, value: this.#expr(dtype, 3) };
  }

  #store(): Stmt {
    const { name, dtype } = this.#pick(this.params.filter(({ access }) => access === 'write'));
    const at = this.#position(name);
    const half = dtype === 'float16' || dtype === 'bfloat16';
    return {
      kind: 'store',
      param: name,
      index: at,
      value: this.#expr(half ? 'float32' : dtype, 3),
    };
  }

  #expr(dtype: ScalarType, depth: number): Expr {
    if (dtype === 'index') return this.#index(depth);
    const kind = this.#choose(depth > 0 ? 8 : 3);
    if (kind === 0) return this.#literal(dtype);
    if (kind === 1) return this.#variable(dtype) ?? this.#literal(dtype);
    if (kind === 2) return this.#load(dtype) ?? this.#literal(dtype);
    if (kind === 3) return this.#unary(dtype, depth);
    if (kind === 4) {
      const condition = this.#expr('bool', depth - 1);
      return select(condition, this.#expr(dtype, depth - 1), this.#expr(dtype, depth - 1));
    }
    if (kind === 5) return cast(this.#expr(this.#pick(scalarTypes), depth - 1), dtype);
    return this.#binary(dtype, depth);
  }

  #unary(dtype: ScalarType, depth: number): Expr {
    if (dtype === 'bool') {
      if (this.#choose(3) === 0) return unary('isnan', this.#expr('float32', depth - 1));
      return unary('not', this.#expr('bool', depth - 1));
    }
    const ofFloats = unaryOps.filter((op) => op !== 'not' && op !== 'bitnot' && op !== 'isnan');
    const isFloat = dtype === 'float32' || dtype === 'float64';
    const op = this.#pick(isFloat ? ofFloats : [...unaryOfAny, 'bitnot' as const]);
    return unary(op, this.#expr(dtype, depth - 1));
  }

  #binary(dtype: ScalarType, depth: number): Expr {
    const isFloat = dtype === 'float32' || dtype === 'float64';
    if (dtype === 'bool') {
      if (this.#choose(2) === 0) {
        const op = this.#pick(['and', 'or', 'xor', 'eq', 'ne'] as const);
        return binary(op, this.#expr('bool', depth - 1), this.#expr('bool', depth - 1));
      }
      const of = this.#pick(scalarTypes.filter((type) => type !== 'bool'));
      const op = this.#pick([...comparisons]);
      return binary(op, this.#expr(of, depth - 1), this.#expr(of, depth - 1));
    }
    const ops = binaryOps.filter(
      (op) => !comparisons.has(op) && !logic.has(op) && !(isFloat && ofIntegers.has(op)),
    );
    return binary(this.#pick(ops), this.#expr(dtype, depth - 1), this.#expr(dtype, depth - 1));
  }

  #literal(dtype: ScalarType): Expr {
    if (dtype === 'bool') return literal('bool', this.#choose(2));
    const whole = this.#choose(9) - (dtype.startsWith('u') ? 0 : 4);
    if (dtype !== 'float32' && dtype !== 'float64') return literal(dtype, whole);
    const special = [Number.NaN, Infinity, -Infinity, -0, 1e30, 0.1, 2.5, -3.5];
    return literal(dtype, this.#choose(3) === 0 ? this.#pick(special) : whole / 4);
  }

  #variable(dtype: ScalarType): Expr | undefined {
    const known = this.#scope.filter((entry) => entry.dtype === dtype);
    return known.length === 0 ? undefined : variable(this.#pick(known).name, dtype);
  }

  #load(dtype: ScalarType): Expr | undefined {
    const arrives = (param: Param): ScalarType =>
      param.dtype === 'float16' || param.dtype === 'bfloat16' ? 'float32' : param.dtype;
    const known = this.params.filter((param) => arrives(param) === dtype);
    if (known.length === 0) return undefined;
    const param = this.#pick(known);
    return load(param.name, param.dtype, this.#position(param.name));
  }

  /** A position in a parameter, which grows the parameter's extents. */
  #position(param: string): Expr {
    const at = this.#smallIndex();
    const { min, max } = rangeOf(at, this.#ranges);
    // A loop that never turns has an empty range.
    const own = this.extents.get(param) ?? { min: 0, max: 0 };
    this.extents.set(param, {
      min: Math.min(own.min, min, max),
      max: Math.max(own.max, min, max),
    });
    return at;
  }

  #smallIndex(): Expr {
    const at = this.#index(2);
    const { min, max } = rangeOf(at, this.#ranges);
    return min > -100 && max < 400 ? at : binary('floormod', at, index(24));
  }

  #index(depth: number): Expr {
    const kind = this.#choose(depth > 0 ? 12 : 3);
    if (kind === 0) return index(this.#choose(12) - 2);
    if (kind <= 2) return this.#variable('index') ?? index(this.#choose(4));
    if (kind <= 5) return binary('add', this.#index(depth - 1), this.#index(depth - 1));
    if (kind === 6) return binary('sub', this.#index(depth - 1), this.#index(depth - 1));
    if (kind <= 8) return binary('mul', this.#index(depth - 1), index(1 + this.#choose(6)));
    if (kind === 9) {
      const op = this.#pick(['floordiv', 'floormod', 'div', 'rem'] as const);
      return binary(op, this.#index(depth - 1), index(1 + this.#choose(6)));
    }
    if (kind === 10) {
      const op = this.#pick(['min', 'max'] as const);
      return binary(op, this.#index(depth - 1), this.#index(depth - 1));
    }
    const x = this.#load('int32') ?? index(3);
    return x.dtype === 'index'
      ? x
      : binary('floormod', cast(x, 'index'), index(1 + this.#choose(8)));
  }

  #pick<T>(options: readonly T[]): T {
    const option = options[this.#choose(options.length)];
    if (option === undefined) throw new RangeError('There is nothing to pick from.');
    return option;
  }

  #fresh(): string {
    return `v${this.#names++}`;
  }
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
