/**
 * Runs loops in the lanes of vectors, from the innermost outwards: of a nest, the first that lets it.
 * What is left over runs one after another.
 *
 *     for c in 0..18 {                    for c in 0..16 lanes 4 {
 *       y[c] = max(x[c], 0.0);      →       y[c] = max(x[c], 0.0);
 *     }                                   }
 *                                         for c_1 in 16..18 {
 *                                           y[c_1] = max(x[c_1], 0.0);
 *                                         }
 *
 * A sum over neighbours becomes one sum for each lane, and a sum of those:
 *
 *     for i in 0..64 {                    for v in 0..4 lanes 4 {
 *       s = s + x[i];               →       local p: f32 = 0.0;
 *     }                                     for i in 0..64 step 4 {
 *                                             p = p + x[i + v];
 *                                           }
 *                                           s = s + p;
 *                                         }
 *
 * A schedule may have marked a loop already; then only its lanes are checked, and a loop that cannot
 * run in lanes becomes an ordinary one.
 */

import { add, binary, index, isLiteral, literal, variable } from '../expr.js';
import { gatheringOf, type LaneOptions, type LaneTypes, laneTypesOf, rampOf } from '../lanes.js';
import {
  type Assign,
  type BinaryOp,
  type Expr,
  type For,
  type Kernel,
  memoriesOf,
  type Stmt,
} from '../loop-ir.js';
import { declaredIn, expressionsIn, exprsOf, mapStmt, statementsIn } from '../traverse.js';
import { type Names, namesFor } from './kernel-names.js';
import { mayMeet } from './may-meet.js';
import { substitute } from './substitute.js';

export function vectorize(kernel: Kernel, lanes: number, options: LaneOptions = {}): Kernel {
  const vectorizer = new Vectorizer(kernel, lanes, options);
  return { ...kernel, body: vectorizer.block(kernel.body) };
}

class Vectorizer {
  readonly #kernel: Kernel;
  readonly #lanes: number;
  readonly #names: Names;
  readonly #options: LaneOptions;

  constructor(kernel: Kernel, lanes: number, options: LaneOptions) {
    this.#kernel = kernel;
    this.#lanes = lanes;
    this.#options = options;
    this.#names = namesFor(kernel);
  }

  block(stmts: readonly Stmt[]): readonly Stmt[] {
    return stmts.flatMap((stmt) => this.#stmt(stmt));
  }

  #stmt(stmt: Stmt): readonly Stmt[] {
    if (stmt.kind !== 'for') {
      return [
        mapStmt(
          stmt,
          (expr) => expr,
          (inside) => this.block(inside),
        ),
      ];
    }
    const { lanes, ...plain } = stmt;
    if (lanes !== undefined && typeof this.#typesOf(stmt) !== 'string') {
      return [stmt];
    }
    const body = this.block(plain.body);
    if (hasLanes(body)) return [{ ...plain, body }];
    return this.#loop({ ...plain, body });
  }

  #typesOf(loop: For): LaneTypes | string {
    return laneTypesOf(loop, memoriesOf(this.#kernel), this.#options);
  }

  #loop(loop: For): readonly Stmt[] {
    const { start, end } = loop;
    const types = this.#typesOf(loop);
    if (typeof types === 'string' || !isWorthwhile(loop, types)) return [loop];
    if (!isLiteral(start) || !isLiteral(end)) return [loop];
    const gatherings = gatheringsIn(loop);
    if (gatherings.some((assign) => identityOf(assign) === undefined)) return [loop];
    // Sums of each lane reorder the turns of the whole loop, and are not worth it for a few.
    const gathers = gatherings.length > 0;
    const turns = Number(end.value) - Number(start.value);
    if (mayMeet(loop, gathers ? turns : this.#lanes)) return [loop];
    const whole = turns - (turns % this.#lanes);
    if (whole < this.#lanes * (gathers ? 2 : 1)) return [loop];
    const middle = index(Number(start.value) + whole);
    const main = { ...loop, end: middle };
    const abreast = gathers ? this.#gather(main, gatherings) : { ...main, lanes: this.#lanes };
    if (whole === turns) return [abreast];
    return [abreast, this.#names.copyOf({ ...loop, start: middle })];
  }

  /** One sum for each lane, over every `lanes`-th turn. */
  #gather(loop: For, gatherings: readonly Assign[]): For {
    const lane = this.#names.fresh('v');
    const parts = gatherings.map((assign) => ({ assign, part: this.#names.fresh('part') }));
    const at = add(variable(loop.name, 'index'), variable(lane, 'index'));
    const partOf = new Map(parts.map(({ assign, part }) => [assign.name, part]));
    const body = substitute(loop.body, new Map([[loop.name, at]])).map((stmt) =>
      gatherInto(stmt, partOf),
    );
    return {
      kind: 'for',
      name: lane,
      start: index(0),
      end: index(this.#lanes),
      step: 1,
      lanes: this.#lanes,
      body: [
        ...parts.map(({ assign, part }): Stmt => {
          const { dtype } = assign.value;
          return {
            kind: 'local',
            name: part,
            dtype,
            init: identityOf(assign) ?? literal(dtype, 0),
          };
        }),
        { ...loop, step: this.#lanes, body },
        ...parts.map(({ assign, part }): Stmt => gatherPart(assign, part)),
      ],
    };
  }
}

function hasLanes(stmts: readonly Stmt[]): boolean {
  return [...statementsIn(stmts)].some((stmt) => stmt.kind === 'for' && stmt.lanes !== undefined);
}

/** Whether all lanes that lie in memory lie there side by side. */
function isWorthwhile(loop: For, types: LaneTypes): boolean {
  const indices = [...statementsIn(loop.body)].flatMap((stmt) => [
    ...(stmt.kind === 'store' ? [stmt.index] : []),
    ...exprsOf(stmt).flatMap((expr) =>
      [...expressionsIn(expr)].flatMap((part) => (part.kind === 'load' ? [part.index] : [])),
    ),
  ]);
  const ramps = indices.map((at) => rampOf(at, types));
  return ramps.includes(1) && ramps.every((ramp) => ramp === 0 || ramp === 1);
}

/** An assignment to each local from outside of the loop. */
function gatheringsIn(loop: For): readonly Assign[] {
  const own = declaredIn(loop.body);
  const assigns = new Map<string, Assign>();
  for (const stmt of statementsIn(loop.body)) {
    if (stmt.kind === 'assign' && !own.has(stmt.name)) assigns.set(stmt.name, stmt);
  }
  return [...assigns.values()];
}

/** What leaves every number as it is, for the ops that gather floats. */
const identities: Partial<Record<BinaryOp, number>> = {
  add: 0,
  mul: 1,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
};

function identityOf(assign: Assign): Expr | undefined {
  const { op } = gatheringOf(assign) ?? {};
  const value = op === undefined ? undefined : identities[op];
  const { dtype } = assign.value;
  return value === undefined || dtype !== 'float32' ? undefined : literal(dtype, value);
}

function gatherInto(stmt: Stmt, partOf: ReadonlyMap<string, string>): Stmt {
  const part = stmt.kind === 'assign' ? partOf.get(stmt.name) : undefined;
  if (stmt.kind !== 'assign' || part === undefined) {
    return mapStmt(
      stmt,
      (expr) => expr,
      (inside) => inside.map((each) => gatherInto(each, partOf)),
    );
  }
  const { op = 'add', x = stmt.value } = gatheringOf(stmt) ?? {};
  return { ...stmt, name: part, value: binary(op, variable(part, stmt.value.dtype), x) };
}

/** `name = name op part`. */
function gatherPart(assign: Assign, part: string): Assign {
  const { name } = assign;
  const { op = 'add' } = gatheringOf(assign) ?? {};
  const { dtype } = assign.value;
  return { kind: 'assign', name, value: binary(op, variable(name, dtype), variable(part, dtype)) };
}
