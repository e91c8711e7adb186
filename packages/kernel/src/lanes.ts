/**
 * Loops whose turns can run abreast in the lanes of a vector. One analysis serves the pass that makes
 * them, the verifier and the targets that spell them.
 *
 * Vocabulary: a value is *uniform* where it is the same in all lanes, else it *varies*; an index that
 * grows by the same amount from lane to lane is a *ramp* of that amount, and a target holds that of
 * the first lane alone. A *gathering* assignment, `s = s + v` of a local from outside of the loop,
 * takes the lanes one after another. A *narrow* element is of 8 bits: lanes hold it as an int32, from the
 * cast of its load on, or up to that of what is stored.
 *
 * Indices must be uniform or ramps, branches and the bounds of loops inside uniform. Whether what is
 * stored is loaded again in another lane is not looked at here.
 *
 * Idea: the vector loops of Halide, and its ramps.
 */

import { isLiteral } from './expr.js';
import type {
  Assign,
  BinaryOp,
  Expr,
  For,
  Load,
  Param,
  ScalarType,
  Stmt,
  Store,
  UnaryOp,
} from './loop-ir.js';
import { affineOf } from './optimize/affine.js';
import { declaredIn, expressionsIn, exprsOf, operandsOf, statementsIn } from './traverse.js';

/** What loads and stores may name: `memoriesOf` of a kernel. */
type Memories = readonly Pick<Param, 'name' | 'dtype'>[];

export interface LaneTypes {
  /** Lets and locals, declared inside of the loop, that vary. */
  readonly varying: ReadonlySet<string>;
  /** The ramps of indices by name; uniform ones are left out. */
  readonly ramps: ReadonlyMap<string, number>;
}

/** What each lane of a vector has room for. */
const laneTypes: ReadonlySet<ScalarType> = new Set(['float32', 'int32', 'uint32', 'bool']);

const narrowTypes: ReadonlySet<ScalarType> = new Set(['int8', 'uint8']);

/** Of integers; floats have all their ops. */
const integerOps: ReadonlySet<UnaryOp | BinaryOp> = new Set([
  ...(['add', 'sub', 'mul', 'min', 'max', 'eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const),
  ...(['bitand', 'bitor', 'bitxor', 'dot16', 'shl', 'neg', 'abs', 'bitnot'] as const),
]);

/**
 * How the lanes of a loop differ, or a sentence that says why it cannot run in lanes. With `halves`, lanes
 * can be loaded from memory of `float16` and stored there, and with `narrow` from memory of 8-bit integers
 * side by side, which not all targets do.
 */
export function laneTypesOf(
  loop: For,
  params: Memories,
  options: LaneOptions = {},
): LaneTypes | string {
  return new LaneAnalysis(loop, params, options).result();
}

export interface LaneOptions {
  readonly halves?: boolean;
  readonly narrow?: boolean;
}

/** The load of a narrow element that a cast makes an int32 of. */
export function narrowLoadOf(expr: Expr): Load | undefined {
  if (expr.kind !== 'cast' || expr.dtype !== 'int32' || expr.x.kind !== 'load') return undefined;
  return narrowTypes.has(expr.x.dtype) ? expr.x : undefined;
}

/** The int32 whose low bits are stored as a narrow element. */
export function narrowValueOf({ value }: Pick<Store, 'value'>): Expr | undefined {
  if (value.kind !== 'cast' || !narrowTypes.has(value.dtype)) return undefined;
  return value.x.dtype === 'int32' ? value.x : undefined;
}

/** How much an index grows from lane to lane, 0 where it is uniform; undefined where it is no sum. */
export function rampOf(expr: Expr, { ramps, varying }: LaneTypes): number | undefined {
  let ramp = 0;
  for (const { atom, coefficient } of affineOf(expr).terms.values()) {
    if (atom.kind === 'variable') ramp += coefficient * (ramps.get(atom.name) ?? 0);
    else if (mentions(atom, ramps) || mentions(atom, varying)) return undefined;
  }
  return ramp;
}

/** Whether an expression that is no index differs from lane to lane. */
export function varies(expr: Expr, types: LaneTypes): boolean {
  if (expr.kind === 'variable') return types.varying.has(expr.name);
  if (expr.kind === 'load') return rampOf(expr.index, types) !== 0;
  return operandsOf(expr).some((operand) => varies(operand, types));
}

/** `s = s op x`, of an op that may take its operands in any order. */
export interface Gathering {
  readonly op: BinaryOp;
  readonly x: Expr;
}

const gathered: ReadonlySet<BinaryOp> = new Set(['add', 'mul', 'min', 'max']);

export function gatheringOf({ name, value }: Assign): Gathering | undefined {
  if (value.kind !== 'binary' || !gathered.has(value.op)) return undefined;
  const { op, a, b } = value;
  if (a.kind === 'variable' && a.name === name) return { op, x: b };
  return b.kind === 'variable' && b.name === name ? { op, x: a } : undefined;
}

class LaneAnalysis implements LaneTypes {
  readonly varying = new Set<string>();
  readonly ramps = new Map<string, number>();
  readonly #loop: For;
  readonly #dtypes: ReadonlyMap<string, ScalarType>;
  /** Lets and locals that the loop declares. */
  readonly #own: ReadonlySet<string>;
  readonly #narrow: boolean;
  /** The first reason that was found why the loop cannot run in lanes. */
  #fault: string | undefined;

  constructor(loop: For, params: Memories, { halves = false, narrow = false }: LaneOptions) {
    this.#loop = loop;
    this.#narrow = narrow;
    // Halves arrive as what a lane has room for.
    const arrivesAs = (dtype: ScalarType) => (halves && dtype === 'float16' ? 'float32' : dtype);
    this.#dtypes = new Map(params.map(({ name, dtype }) => [name, arrivesAs(dtype)]));
    this.ramps.set(loop.name, 1);
    this.#own = declaredIn(loop.body);
  }

  result(): LaneTypes | string {
    if (this.#loop.step !== 1) this.#refuse('its step is not 1');
    // What an inner loop assigns at its end varies at its beginning.
    for (let before = -1; before !== this.varying.size; ) {
      before = this.varying.size;
      this.#block(this.#loop.body);
    }
    for (const stmt of statementsIn(this.#loop.body)) this.#checkOutside(stmt);
    return this.#fault ?? this;
  }

  #refuse(reason: string): void {
    this.#fault ??= reason;
  }

  #block(stmts: readonly Stmt[]): void {
    for (const stmt of stmts) this.#stmt(stmt);
  }

  #stmt(stmt: Stmt): void {
    switch (stmt.kind) {
      case 'for':
        if (stmt.lanes !== undefined) this.#refuse('another loop in lanes is inside');
        this.#expectUniform(stmt.start, 'where a loop begins');
        this.#expectUniform(stmt.end, 'where a loop ends');
        this.#block(stmt.body);
        return;
      case 'if':
        this.#expectUniform(stmt.condition, 'a condition');
        this.#block(stmt.then);
        this.#block(stmt.otherwise);
        return;
      case 'let':
        this.#define(stmt.name, stmt.value);
        return;
      case 'local':
        this.#assign(stmt.name, stmt.init);
        return;
      case 'assign':
        if (this.#own.has(stmt.name)) this.#assign(stmt.name, stmt.value);
        else this.#gather(stmt);
        return;
      case 'store':
        this.#store(stmt);
        return;
    }
  }

  #assign(name: string, value: Expr): void {
    if (value.dtype === 'index') this.#expectUniform(value, 'an index that changes');
    else this.#define(name, value);
  }

  #gather({ name, value }: Assign): void {
    this.#expectLaneType(value.dtype, `"${name}"`);
    this.#varies(value);
  }

  #define(name: string, value: Expr): void {
    if (value.dtype !== 'index') {
      if (this.#varies(value)) this.varying.add(name);
      return;
    }
    const ramp = this.#ramp(value);
    if (ramp !== 0) this.ramps.set(name, ramp);
  }

  #store({ param, index, value }: Store): void {
    const ramp = this.#ramp(index);
    if (ramp === 0) this.#refuse(`all lanes store to one element of "${param}"`);
    const wide = this.#narrow ? narrowValueOf({ value }) : undefined;
    if (wide !== undefined && this.#dtypes.get(param) === value.dtype) {
      if (ramp !== 1) this.#refuse(`elements of "${param}" are stored apart`);
      this.#varies(wide);
      return;
    }
    this.#expectLaneType(this.#dtypes.get(param) ?? value.dtype, `"${param}"`);
    if (value.dtype === 'bool') this.#refuse('a bool is stored');
    this.#varies(value);
  }

  /** A local from outside is given to lane after lane, or not at all, and read by no lane. */
  #checkOutside(stmt: Stmt): void {
    if (stmt.kind !== 'assign' || this.#own.has(stmt.name)) return;
    const gathering = gatheringOf(stmt);
    if (gathering === undefined) this.#refuse(`"${stmt.name}" is kept from turn to turn`);
    for (const other of statementsIn(this.#loop.body)) {
      if (other.kind === 'assign' && other.name === stmt.name) {
        if (gatheringOf(other)?.op !== gathering?.op) this.#refuse(`"${stmt.name}" has two ops`);
        if (other !== stmt) continue;
      }
      const read = other === stmt && gathering !== undefined ? [gathering.x] : exprsOf(other);
      if (read.some((expr) => mentions(expr, new Set([stmt.name])))) {
        this.#refuse(`"${stmt.name}" is read in the loop`);
      }
    }
  }

  #varies(expr: Expr): boolean {
    if (expr.dtype === 'index') {
      if (this.#ramp(expr) !== 0) this.#refuse('a position is used as a number');
      return false;
    }
    if (expr.kind === 'load') {
      if (this.#ramp(expr.index) === 0) return false;
      this.#expectLaneType(this.#dtypes.get(expr.param) ?? expr.dtype, `"${expr.param}"`);
      if (expr.dtype === 'bool') this.#refuse('bools are loaded');
      return true;
    }
    if (expr.kind === 'variable') return this.varying.has(expr.name);
    const narrow = this.#narrow ? narrowLoadOf(expr) : undefined;
    if (narrow !== undefined) {
      const ramp = this.#ramp(narrow.index);
      if (ramp !== 0 && ramp !== 1) this.#refuse(`elements of "${narrow.param}" lie apart`);
      return ramp !== 0;
    }
    const operands = operandsOf(expr);
    // All operands are looked at, for their faults.
    const vary = operands.filter((operand) => this.#varies(operand)).length > 0;
    if (vary) {
      for (const { dtype } of [expr, ...operands]) this.#expectLaneType(dtype, `a ${expr.kind}`);
      this.#expectOp(expr, operands);
    }
    return vary;
  }

  #expectOp(expr: Expr, operands: readonly Expr[]): void {
    if (expr.kind !== 'unary' && expr.kind !== 'binary') return;
    const ofIntegers = operands.some(({ dtype }) => dtype === 'int32' || dtype === 'uint32');
    if (ofIntegers && !integerOps.has(expr.op)) this.#refuse(`${expr.op} is of integers`);
    if (expr.op === 'shl' && !isLiteral(expr.b))
      this.#refuse('shl is by a number that is not known');
  }

  #ramp(expr: Expr): number {
    const ramp = rampOf(expr, this);
    if (ramp === undefined) this.#refuse('an index does not grow evenly');
    return ramp ?? 1;
  }

  #expectUniform(expr: Expr, what: string): void {
    const uniform = expr.dtype === 'index' ? this.#ramp(expr) === 0 : !this.#varies(expr);
    if (!uniform) this.#refuse(`${what} differs from lane to lane`);
  }

  #expectLaneType(dtype: ScalarType, what: string): void {
    if (!laneTypes.has(dtype)) this.#refuse(`${what} is of ${dtype}`);
  }
}

function mentions(expr: Expr, names: { has(name: string): boolean }): boolean {
  for (const part of expressionsIn(expr)) {
    if (part.kind === 'variable' && names.has(part.name)) return true;
  }
  return false;
}
