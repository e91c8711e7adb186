/** Random kernels: statements over the expressions of `random-expr.ts`. */

import {
  binary,
  type Expr,
  type For,
  index,
  type Kernel,
  literal,
  type Range,
  rangeOf,
  rangeOfLoop,
  type Stmt,
  select,
  unary,
  variable,
} from '../src/index.js';
import { type Choose, type Declared, ExprWriter, type RandomOptions } from './random-expr.js';

interface KernelCase {
  readonly kernel: Kernel;
  /** The positions that a parameter may be accessed at. */
  readonly extents: ReadonlyMap<string, Range>;
}

export function randomKernel(name: string, choose: Choose, options: RandomOptions): KernelCase {
  const exprs = new ExprWriter(choose, options);
  const body = new KernelWriter(choose, exprs).block(3);
  return { kernel: { name, params: exprs.params, body }, extents: exprs.extents };
}

class KernelWriter {
  readonly #choose: Choose;
  readonly #exprs: ExprWriter;

  constructor(choose: Choose, exprs: ExprWriter) {
    this.#choose = choose;
    this.#exprs = exprs;
  }

  block(depth: number): Stmt[] {
    return this.#inside(this.#exprs.scope, () =>
      Array.from({ length: 1 + this.#choose(3) }, () => this.#stmts(depth)).flat(),
    );
  }

  #stmts(depth: number): readonly Stmt[] {
    const kind = this.#choose(depth > 0 ? 13 : 5);
    if (kind === 0) return [this.#let()];
    if (kind === 1) return [this.#local()];
    if (kind === 2) return [this.#assign() ?? this.#store()];
    if (kind <= 4) return [this.#store()];
    if (kind === 5) return [this.#if(depth)];
    if (kind === 6) return [this.#denseNest()];
    return kind <= 9 ? [this.#for(depth)] : this.#neighbours(depth);
  }

  #if(depth: number): Stmt {
    const condition = this.#condition();
    const then = this.block(depth - 1);
    const otherwise = this.#choose(2) === 0 ? [] : this.block(depth - 1);
    return { kind: 'if', condition, then, otherwise };
  }

  /** Often the same for all neighbours. */
  #condition(): Expr {
    const { scope, neighbour } = this.#exprs;
    const loops = scope.filter(({ name, dtype }) => dtype === 'index' && name !== neighbour);
    if (loops.length === 0 || this.#choose(2) === 0) return this.#exprs.expr('bool', 2);
    const { name } = this.#exprs.pick(loops);
    return binary('lt', variable(name, 'index'), index(this.#choose(5)));
  }

  /** Two perfectly nested loops over memory that is dense, or nearly so: what tensors give. */
  #denseNest(): Stmt {
    const [rows, columns, step] = [
      1 + this.#choose(4),
      2 * (1 + this.#choose(3)),
      1 + this.#choose(2),
    ];
    const outer = this.#loop(0, index(rows), 1);
    const inner = this.#loop(0, index(columns), step);
    const stride = this.#choose(4) === 0 ? columns + this.#choose(2) : columns;
    const [i, j] = [variable(outer.name, 'index'), variable(inner.name, 'index')];
    const flat = binary('add', binary('mul', i, index(stride)), j);
    // Sometimes all that is inside sees the flat position only, as in an elementwise kernel.
    const name = this.#exprs.fresh();
    this.#exprs.ranges.set(name, rangeOf(flat, this.#exprs.ranges));
    const visible = this.#choose(3) === 0 ? [name, outer.name, inner.name] : [name];
    const scope = visible.map((each): Declared => declaredIndex(each));
    const body = this.#inside(scope, (): Stmt[] => [
      { kind: 'let', name, value: flat },
      this.#store(),
      this.#store(),
    ]);
    return { ...outer, body: [{ ...inner, body }] };
  }

  #for(depth: number): Stmt {
    const start = this.#choose(4) === 0 ? this.#choose(3) : 0;
    const bounded = this.#choose(4) === 0 ? this.#exprs.smallIndex() : undefined;
    const end = bounded ?? index(start + this.#choose(5));
    const loop = this.#loop(start, end, 1 + this.#choose(2));
    const scope = [...this.#exprs.scope, declaredIndex(loop.name)];
    return { ...loop, body: this.#inside(scope, () => this.block(depth - 1)) };
  }

  /** A loop over elements side by side, which may gather them in a local. */
  #neighbours(depth: number): readonly Stmt[] {
    const start = this.#choose(3);
    const loop = this.#loop(start, index(start + 3 + this.#choose(10)), 1);
    const sum = this.#exprs.fresh();
    const dtype = this.#choose(4) === 0 ? 'int32' : 'float32';
    const gathers = this.#choose(2) === 0;
    const seen = this.#exprs.scope.map((entry) => ({ ...entry, mutable: false }));
    const outer = this.#exprs.neighbour;
    this.#exprs.neighbour = loop.name;
    const body = this.#inside([...seen, declaredIndex(loop.name)], () => [
      ...(this.#choose(2) === 0 ? this.block(depth - 1) : []),
      this.#often(() => (gathers ? this.#gather(sum, dtype) : this.#store())),
    ]);
    this.#exprs.neighbour = outer;
    if (!gathers) return [{ ...loop, body }];
    const init = literal(dtype, this.#choose(7) - 3);
    this.#declare({ name: sum, dtype, mutable: true });
    return [
      { kind: 'local', name: sum, dtype, init },
      { ...loop, body },
    ];
  }

  /** A statement, or a loop over it. */
  #often(write: () => Stmt): Stmt {
    if (this.#choose(3) !== 0) return write();
    const loop = this.#loop(0, index(1 + this.#choose(5)), 1);
    const scope = [...this.#exprs.scope, declaredIndex(loop.name)];
    return { ...loop, body: this.#inside(scope, () => [write()]) };
  }

  /** `sum = sum op x`, of numbers whose order makes no difference. */
  #gather(sum: string, dtype: 'int32' | 'float32'): Stmt {
    const op = this.#exprs.pick(['add', 'add', 'mul', 'min', 'max'] as const);
    const x = this.#exprs.expr(dtype, 2);
    const term = dtype === 'int32' ? x : (exactTerms[op]?.(x) ?? x);
    const before = variable(sum, dtype);
    const value = this.#choose(4) === 0 ? binary(op, term, before) : binary(op, before, term);
    return { kind: 'assign', name: sum, value };
  }

  #let(): Stmt {
    const value = this.#exprs.expr(this.#exprs.type(), 3);
    const name = this.#exprs.fresh();
    const { ranges } = this.#exprs;
    if (value.dtype === 'index') ranges.set(name, rangeOf(value, ranges));
    this.#declare({ name, dtype: value.dtype, mutable: false });
    return { kind: 'let', name, value };
  }

  #local(): Stmt {
    // An index that changes has no known range, so none is made.
    const drawn = this.#exprs.type();
    const dtype = drawn === 'index' ? 'float32' : drawn;
    const init = this.#exprs.expr(dtype, 2);
    const name = this.#exprs.fresh();
    this.#declare({ name, dtype, mutable: true });
    return { kind: 'local', name, dtype, init };
  }

  #assign(): Stmt | undefined {
    const targets = this.#exprs.scope.filter(({ mutable }) => mutable);
    if (targets.length === 0) return undefined;
    const { name, dtype } = this.#exprs.pick(targets);
    return { kind: 'assign', name, value: this.#exprs.expr(dtype, 3) };
  }

  #store(): Stmt {
    const { name, dtype } = this.#exprs.target();
    const at = this.#exprs.position(name, 'write');
    const half = dtype === 'float16' || dtype === 'bfloat16';
    const value = this.#exprs.expr(half ? 'float32' : dtype, 3);
    return { kind: 'store', param: name, index: at, value };
  }

  #loop(start: number, end: Expr, step: number): For {
    const name = this.#exprs.fresh();
    const loop: For = { kind: 'for', name, start: index(start), end, step, body: [] };
    this.#exprs.ranges.set(name, rangeOfLoop(loop, this.#exprs.ranges));
    return loop;
  }

  #declare(declared: Declared): void {
    this.#exprs.scope = [...this.#exprs.scope, declared];
  }

  /** What `write` gives where it sees these names; those that it declares are forgotten. */
  #inside<T>(scope: readonly Declared[], write: () => T): T {
    const outer = this.#exprs.scope;
    this.#exprs.scope = scope;
    const written = write();
    this.#exprs.scope = outer;
    return written;
  }
}

function declaredIndex(name: string): Declared {
  return { name, dtype: 'index', mutable: false };
}

/** Floats that are added or multiplied exactly, whatever their order: small whole numbers, and 1 or -1. */
const exactTerms: Readonly<Record<string, (x: Expr) => Expr>> = {
  add: (x) => {
    const whole = binary('min', unary('trunc', x), literal('float32', 8));
    const bounded = binary('max', whole, literal('float32', -8));
    return binary('add', bounded, literal('float32', 0));
  },
  mul: (x) => {
    const isNegative = binary('lt', x, literal('float32', 0.5));
    return select(isNegative, literal('float32', -1), literal('float32', 1));
  },
};
