/**
 * Random expressions of a type, over the names and parameters that a kernel has so far. Positions in
 * parameters are noted, so that buffers can be made as large as they have to be.
 */

import {
  type BinaryOp,
  binary,
  binaryOps,
  cast,
  type Expr,
  index,
  literal,
  load,
  type Param,
  type Range,
  rangeOf,
  type ScalarType,
  select,
  type UnaryOp,
  unary,
  unaryOps,
  variable,
} from '../src/index.js';

/** A whole number from 0 up to but without `below`. */
export type Choose = (below: number) => number;

export interface RandomOptions {
  /**
   * Whether a target that computes in float32 must agree to the bit: each op on float32 is rounded,
   * what vectors approximate is of float64 only, and no literal is 0, whose sign `max` may leave open.
   */
  readonly exact?: boolean;
}

type ElementType = Param['dtype'];

/** What a vector has lanes for, and may be loaded and stored. */
const wordTypes: readonly ElementType[] = ['float32', 'float32', 'int32', 'uint32'];

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
const unaryOfFloats = unaryOps.filter((op) => !['not', 'bitnot', 'isnan'].includes(op));
const approximated: ReadonlySet<UnaryOp> = new Set(['exp', 'log', 'tanh', 'erf']);

/** From neighbour to neighbour. */
const strides = [...Array<number>(12).fill(1), 0, 0, 0, 0, 2, -1];

export interface Declared {
  readonly name: string;
  readonly dtype: ScalarType;
  readonly mutable: boolean;
}

export class ExprWriter {
  readonly params: readonly Param[];
  /** The positions that a parameter may be accessed at. */
  readonly extents = new Map<string, Range>();
  readonly ranges = new Map<string, Range>();
  scope: readonly Declared[] = [];
  /** The variable of a loop that runs over neighbours: types and positions then are what lanes take. */
  neighbour: string | undefined;
  readonly #choose: Choose;
  readonly #exact: boolean;
  #names = 0;

  constructor(choose: Choose, { exact = false }: RandomOptions) {
    this.#choose = choose;
    this.#exact = exact;
    const types = choose(3) === 0 ? elementTypes : wordTypes;
    this.params = Array.from({ length: 2 + choose(3) }, (_, i): Param => {
      const access = i === 0 || choose(3) === 0 ? 'write' : 'read';
      const space = access === 'read' && choose(2) === 0 ? 'constants' : 'arena';
      return { name: `m${i}`, dtype: this.pick(types), space, access };
    });
  }

  pick<T>(options: readonly T[]): T {
    const option = options[this.#choose(options.length)];
    if (option === undefined) throw new RangeError('There is nothing to pick from.');
    return option;
  }

  fresh(): string {
    return `v${this.#names++}`;
  }

  type(): ScalarType {
    const inLanes = this.neighbour !== undefined && this.#choose(8) !== 0;
    return this.pick<ScalarType>(inLanes ? [...wordTypes, 'bool'] : scalarTypes);
  }

  /** A parameter that may be stored to. */
  target(): Param {
    const targets = this.params.filter(({ access }) => access === 'write');
    const words = targets.filter(({ dtype }) => wordTypes.includes(dtype));
    return this.pick(this.neighbour === undefined || words.length === 0 ? targets : words);
  }

  expr(dtype: ScalarType, depth: number): Expr {
    if (dtype === 'index') return this.#index(depth);
    const isNearby = this.neighbour !== undefined && this.#choose(3) === 0;
    const kind = isNearby ? 2 : this.#choose(depth > 0 ? 8 : 3);
    if (kind === 0) return this.#literal(dtype);
    if (kind === 1) return this.#variable(dtype) ?? this.#literal(dtype);
    if (kind === 2) return this.#load(dtype) ?? this.#literal(dtype);
    if (kind === 3) return this.#rounded(this.#unary(dtype, depth));
    if (kind === 4) {
      const condition = this.expr('bool', depth - 1);
      return select(condition, this.expr(dtype, depth - 1), this.expr(dtype, depth - 1));
    }
    if (kind === 5) return cast(this.expr(this.type(), depth - 1), dtype);
    return this.#rounded(this.#binary(dtype, depth));
  }

  /** A position in a parameter, which grows the parameter's extents. */
  position(param: string, access: Param['access'] = 'read'): Expr {
    const isNearby = access === 'write' && this.#choose(12) !== 0;
    const at = isNearby && this.neighbour ? this.#nearby(this.neighbour, 1) : this.smallIndex();
    const { min, max } = rangeOf(at, this.ranges);
    // A loop that never turns has an empty range.
    const own = this.extents.get(param) ?? { min: 0, max: 0 };
    this.extents.set(param, {
      min: Math.min(own.min, min, max),
      max: Math.max(own.max, min, max),
    });
    return at;
  }

  smallIndex(): Expr {
    if (this.neighbour !== undefined && this.#choose(12) !== 0) return this.#nearby(this.neighbour);
    const at = this.#index(2);
    const { min, max } = rangeOf(at, this.ranges);
    return min > -100 && max < 400 ? at : binary('floormod', at, index(24));
  }

  /** A position that grows with the neighbours by 1, or not at all, seldom by more or less. */
  #nearby(neighbour: string, stride = this.pick(strides)): Expr {
    const own = binary('mul', variable(neighbour, 'index'), index(stride));
    const loops = this.scope.filter(
      ({ name, dtype }) => dtype === 'index' && name !== neighbour && this.#isSmall(name),
    );
    const shift = index(this.#choose(2) === 0 ? 0 : this.#choose(10) - 2);
    const at = binary('add', own, shift);
    if (loops.length === 0 || this.#choose(2) === 0) return at;
    const { name } = this.pick(loops);
    const by = index(this.pick([1, 3, 4, 12, 16]));
    return binary('add', at, binary('mul', variable(name, 'index'), by));
  }

  #isSmall(name: string): boolean {
    const { min, max } = this.ranges.get(name) ?? { min: -Infinity, max: Infinity };
    return min >= -4 && max <= 24;
  }

  #unary(dtype: ScalarType, depth: number): Expr {
    if (dtype === 'bool') {
      if (this.#choose(3) === 0) return unary('isnan', this.expr('float32', depth - 1));
      return unary('not', this.expr('bool', depth - 1));
    }
    const isExact = this.#exact && dtype === 'float32';
    const isFloat = dtype === 'float32' || dtype === 'float64';
    const ofFloats = unaryOfFloats.filter((op) => !isExact || !approximated.has(op));
    const op = this.pick(isFloat ? ofFloats : [...unaryOfAny, 'bitnot' as const]);
    return unary(op, this.expr(dtype, depth - 1));
  }

  #binary(dtype: ScalarType, depth: number): Expr {
    const isFloat = dtype === 'float32' || dtype === 'float64';
    if (dtype === 'bool') {
      if (this.#choose(2) === 0) {
        const op = this.pick(['and', 'or', 'xor', 'eq', 'ne'] as const);
        return binary(op, this.expr('bool', depth - 1), this.expr('bool', depth - 1));
      }
      const drawn = this.type();
      const of = drawn === 'bool' ? 'float32' : drawn;
      const op = this.pick([...comparisons]);
      return binary(op, this.expr(of, depth - 1), this.expr(of, depth - 1));
    }
    const ops = binaryOps.filter(
      (op) =>
        !comparisons.has(op) &&
        !logic.has(op) &&
        !(isFloat && ofIntegers.has(op)) &&
        (op !== 'dot16' || dtype === 'int32'),
    );
    return binary(this.pick(ops), this.expr(dtype, depth - 1), this.expr(dtype, depth - 1));
  }

  #rounded(expr: Expr): Expr {
    const isRounded = this.#exact && expr.dtype === 'float32';
    return isRounded ? { kind: 'cast', dtype: 'float32', x: expr } : expr;
  }

  #literal(dtype: ScalarType): Expr {
    if (dtype === 'bool') return literal('bool', this.#choose(2));
    const whole = this.#choose(9) - (dtype.startsWith('u') ? 0 : 4);
    if (dtype !== 'float32' && dtype !== 'float64') return literal(dtype, whole);
    const special = [Number.NaN, Infinity, -Infinity, -0, 1e30, 0.1, 2.5, -3.5];
    const value = this.#choose(3) === 0 ? this.pick(special) : whole / 4;
    if (!this.#exact || dtype === 'float64') return literal(dtype, value);
    return literal(dtype, value === 0 ? 0.5 : Math.fround(value));
  }

  #variable(dtype: ScalarType): Expr | undefined {
    const known = this.scope.filter((entry) => entry.dtype === dtype);
    return known.length === 0 ? undefined : variable(this.pick(known).name, dtype);
  }

  #load(dtype: ScalarType): Expr | undefined {
    const arrives = (param: Param): ScalarType =>
      param.dtype === 'float16' || param.dtype === 'bfloat16' ? 'float32' : param.dtype;
    const known = this.params.filter((param) => arrives(param) === dtype);
    if (known.length === 0) return undefined;
    // What is stored to as well seldom lets neighbours run abreast.
    const read = known.filter(({ access }) => access === 'read');
    const isWritten = this.neighbour === undefined || read.length === 0 || this.#choose(4) === 0;
    const param = this.pick(isWritten ? known : read);
    return load(param.name, param.dtype, this.position(param.name));
  }

  #index(depth: number): Expr {
    const kind = this.#choose(depth > 0 ? 12 : 3);
    if (kind === 0) return index(this.#choose(12) - 2);
    if (kind <= 2) return this.#variable('index') ?? index(this.#choose(4));
    if (kind <= 5) return binary('add', this.#index(depth - 1), this.#index(depth - 1));
    if (kind === 6) return binary('sub', this.#index(depth - 1), this.#index(depth - 1));
    if (kind <= 8) return binary('mul', this.#index(depth - 1), index(1 + this.#choose(6)));
    if (kind === 9) {
      const op = this.pick(['floordiv', 'floormod', 'div', 'rem'] as const);
      return binary(op, this.#index(depth - 1), index(1 + this.#choose(6)));
    }
    if (kind === 10) {
      const op = this.pick(['min', 'max'] as const);
      return binary(op, this.#index(depth - 1), this.#index(depth - 1));
    }
    const x = this.#load('int32') ?? index(3);
    return x.dtype === 'index'
      ? x
      : binary('floormod', cast(x, 'index'), index(1 + this.#choose(8)));
  }
}
