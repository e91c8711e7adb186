/**
 * Makes kernels of a kernel, each of which many threads can run at once: loops whose turns never come to
 * one element become loops of the grid, and statements that follow each other become nests of
 * their own, side by side in one kernel where they do not meet, in kernels one after another where they do.
 *
 *     for n in 0..8 {                           for n in 0..8 grid {
 *       for i in 0..64 {                          for i in 0..64 grid {
 *         y[n * 72 + i + 8] = x[n * 64 + i];        y[n * 72 + i + 8] = x[n * 64 + i];
 *       }                                         }
 *       for h in 0..8 {                    →    }
 *         y[n * 72 + h] = 0.0;                  for n_1 in 0..8 grid {
 *       }                                         for h_1 in 0..8 grid {
 *     }                                             y[n_1 * 72 + h_1] = 0.0;
 *                                                 }
 *                                               }
 *
 * What a thread computes it computes as ever: sums in locals, loops in lanes, loops that carry
 * something from turn to turn. A kernel of which nothing can be spread is a grid of one thread.
 *
 * Where statements follow from each other through shared memory, the loops around them are a grid of
 * workgroups, and each of the statements is shared out among the threads of one:
 *
 *     for t in 0..49 {                          for t in 0..49 grid {
 *       for c in 0..64 {                          for c in 0..64 threads {
 *         band[c] = x[t * 64 + c];                  band[c] = x[t * 64 + c];
 *       }                                  →      }
 *       for o in 0..32 {                          for o in 0..32 threads {
 *         y[t * 32 + o] = band[o + o];              y[t * 32 + o] = band[o + o];
 *       }                                         }
 *     }                                         }
 *
 * Idea: loop distribution (Kennedy and Allen), and the perfect parallel nests that GPU compilers ask for.
 */

import { CompilerError } from '@whittle/ir';
import { add, index, isLiteral, variable } from '../../expr.js';
import type { For, Kernel, Let, Stmt } from '../../loop-ir.js';
import { declaredIn, expressionsIn, exprsOf, mapStmt, statementsIn } from '../../traverse.js';
import { namesOfUsedParams } from '../../used-params.js';
import { type Names, namesFor } from '../kernel-names.js';
import { substitute } from '../substitute.js';
import { type KnownIndices, knownIndices, mayShare, placesIn } from './places.js';

/** In the order in which they have to run. */
export function spreadOverGrid(kernel: Kernel): readonly Kernel[] {
  const names = namesFor(kernel);
  const stripped = { ...kernel, body: stripLanes(kernel.body, names) };
  const known = knownIndices(stripped);
  const written = new Set<string>();
  for (const stmt of statementsIn(stripped.body)) {
    if (stmt.kind === 'store') written.add(stmt.param);
  }
  const shared = new Set((kernel.shared ?? []).map(({ name }) => name));
  const facts = { known, written, shared, names };
  const nests = nestsOf(stripped.body, { loops: [], lets: [] }, facts);
  return launchesOf(nests, facts).map((launch) => {
    const body = launch.map((nest, i) => {
      const stmt = writeNest(nest, names);
      return i === 0 ? stmt : names.copyOf(stmt);
    });
    const used = namesOfUsedParams(body);
    const { shared: arrays = [], ...rest } = kernel;
    const kept = arrays.filter(({ name }) => used.has(name));
    return {
      ...rest,
      params: kernel.params.filter(({ name }) => used.has(name)),
      ...(kept.length === 0 ? {} : { shared: kept }),
      body,
    };
  });
}

/** A loop in lanes of many turns is a loop over vectors, each of which may get a thread of its own. */
function stripLanes(stmts: readonly Stmt[], names: Names): readonly Stmt[] {
  return stmts.map((stmt): Stmt => {
    const inside = mapStmt(
      stmt,
      (expr) => expr,
      (block) => stripLanes(block, names),
    );
    if (inside.kind !== 'for' || inside.lanes === undefined) return inside;
    const { start, end, lanes, name } = inside;
    if (!isLiteral(start) || !isLiteral(end)) return inside;
    if (Number(end.value) - Number(start.value) === lanes) return inside;
    const vector = names.fresh(name);
    const lane = add(variable(vector, 'index'), variable(name, 'index'));
    return {
      kind: 'for',
      name: vector,
      start,
      end,
      step: lanes,
      body: [
        {
          ...inside,
          start: index(0),
          end: index(lanes),
          body: substitute(inside.body, new Map([[name, lane]])),
        },
      ],
    };
  });
}

/** Statements, and the loops of the grid around them, outermost first. */
interface Nest {
  readonly loops: readonly For[];
  readonly body: readonly Stmt[];
}

/** The loops that are known to be of the grid, and the lets that stand between them. */
interface Around {
  readonly loops: readonly For[];
  readonly lets: readonly Let[];
  /** Other names that stand for the same in all threads. Default: none. */
  readonly names?: readonly string[];
}

interface Facts {
  readonly known: KnownIndices;
  /** The parameters that are stored to. */
  readonly written: ReadonlySet<string>;
  /** The arrays that a workgroup has to itself. */
  readonly shared: ReadonlySet<string>;
  readonly names: Names;
}

function nestsOf(stmts: readonly Stmt[], around: Around, facts: Facts): readonly Nest[] {
  const together = [nestOf(stmts, around)];
  const rest: Stmt[] = [];
  const lets = [...around.lets];
  for (const stmt of stmts) {
    if (stmt.kind === 'local' || stmt.kind === 'assign') return together;
    if (stmt.kind !== 'let') rest.push(stmt);
    else if (readsWritten(stmt, facts)) return together;
    else lets.push(stmt);
  }
  if (isWorkgroup(rest, around, facts)) {
    return [nestOf(shareOut(stmts, around, facts), around)];
  }
  const nests = rest.flatMap((stmt): readonly Nest[] => {
    if (stmt.kind !== 'for' || !isParallel(stmt, around, facts, facts.shared)) {
      return [nestOf([stmt], { ...around, lets })];
    }
    return nestsOf(stmt.body, { ...around, loops: [...around.loops, stmt], lets }, facts);
  });
  // What follows from another in the same turn is left to one thread where there are threads enough.
  const turns = around.loops.reduce((product, loop) => product * turnsOf(loop), 1);
  const isApart = launchesOf(nests, facts).length === 1;
  return isApart || turns < enoughThreads ? nests : together;
}

/** From so many on, one kernel of fewer threads is better than several of more. */
const enoughThreads = 256;

/** The statements with those of the lets that they use. */
function nestOf(stmts: readonly Stmt[], { loops, lets }: Around): Nest {
  const used = new Set<string>();
  const use = (stmt: Stmt): void => {
    for (const expr of exprsOf(stmt)) {
      for (const part of expressionsIn(expr)) if (part.kind === 'variable') used.add(part.name);
    }
  };
  for (const stmt of statementsIn(stmts)) use(stmt);
  const kept: Let[] = [];
  for (const stmt of [...lets].reverse()) {
    if (!used.has(stmt.name)) continue;
    use(stmt);
    kept.unshift(stmt);
  }
  return { loops, body: [...kept, ...stmts] };
}

/** Whether no turn of a loop comes to an element that another one stores. */
function isParallel(loop: For, around: Around, { known }: Facts, apart?: Facts['shared']): boolean {
  if (loop.lanes !== undefined || !isLiteral(loop.start) || !isLiteral(loop.end)) return false;
  const own = declaredIn(loop.body);
  for (const stmt of statementsIn(loop.body)) {
    if (stmt.kind === 'assign' && !own.has(stmt.name)) return false;
  }
  const same = new Set([
    ...around.loops.map(({ name }) => name),
    ...around.lets.map(({ name }) => name),
    ...(around.names ?? []),
  ]);
  // What a turn stores before it loads it, it has to itself: each workgroup has arrays of its own.
  const alone = [...(apart ?? [])].filter((array) => storesFirst(loop.body, array));
  const places = placesIn(loop.body, known).filter(({ param }) => !alone.includes(param));
  return !mayShare(places, places, { same, apart: loop.name }, known);
}

/** Whether statements have to share memory with each other, and so run in one workgroup. */
function isWorkgroup(stmts: readonly Stmt[], around: Around, facts: Facts): boolean {
  const sharing = stmts.filter((stmt) => touches(stmt, facts.shared));
  const [only] = sharing;
  if (only === undefined) return false;
  return (
    sharing.length > 1 || only.kind !== 'for' || !isParallel(only, around, facts, facts.shared)
  );
}

function touches(stmt: Stmt, arrays: ReadonlySet<string>): boolean {
  return [...namesOfUsedParams([stmt])].some((name) => arrays.has(name));
}

/** Statements as loops over the threads of a workgroup, one after another. */
function shareOut(stmts: readonly Stmt[], around: Around, facts: Facts): readonly Stmt[] {
  const lets = [...around.lets];
  return stmts.flatMap((stmt): readonly Stmt[] => {
    if (stmt.kind === 'let') {
      if (readsWritten(stmt, facts)) {
        throw new CompilerError('E_INTERNAL', `"${stmt.name}" is read of what threads store.`);
      }
      lets.push(stmt);
      return [stmt];
    }
    const here = { loops: around.loops, lets };
    const isLoop = stmt.kind === 'for' && stmt.lanes === undefined;
    if (isLoop && !isParallel(stmt, here, facts) && touches(stmt, facts.shared)) {
      // All threads take its turns together, and share out what is inside.
      const inside = { loops: [...around.loops, stmt], lets };
      return [{ ...stmt, body: shareOut(stmt.body, inside, facts) }];
    }
    return nestsInside(stmt, here, facts).map((nest) =>
      facts.names.copyOf(writeNest(nest, facts.names, 'threads')),
    );
  });
}

/** The nests of one statement, as if nothing were around it but what is the same for all of them. */
function nestsInside(stmt: Stmt, around: Around, facts: Facts): readonly Nest[] {
  const outside = { ...around, lets: [], names: around.lets.map(({ name }) => name) };
  const own = nestsOf([stmt], outside, { ...facts, shared: new Set() });
  return own.map(({ loops, body }) => ({ loops: loops.slice(around.loops.length), body }));
}

/** Whether the first statement that touches an array stores to it, and loads nothing of it. */
function storesFirst(stmts: readonly Stmt[], array: string): boolean {
  for (const stmt of statementsIn(stmts)) {
    const isLoaded = exprsOf(stmt).some((expr) =>
      [...expressionsIn(expr)].some((part) => part.kind === 'load' && part.param === array),
    );
    if (isLoaded) return false;
    if (stmt.kind === 'store' && stmt.param === array) return true;
  }
  return true;
}

function readsWritten(stmt: Stmt, { written }: Facts): boolean {
  return exprsOf(stmt).some((expr) =>
    [...expressionsIn(expr)].some((part) => part.kind === 'load' && written.has(part.param)),
  );
}

function turnsOf({ start, end, step }: For): number {
  if (!isLiteral(start) || !isLiteral(end)) return 1;
  return Math.ceil((Number(end.value) - Number(start.value)) / step);
}

/** Nests that follow each other, in as few groups as may be whose nests never meet. */
function launchesOf(
  nests: readonly Nest[],
  { known, shared }: Facts,
): readonly (readonly Nest[])[] {
  const launches: Nest[][] = [];
  let places: ReturnType<typeof placesIn>[] = [];
  for (const nest of nests) {
    const own = placesIn(nest.body, known).filter(({ param }) => !shared.has(param));
    const launch = launches.at(-1);
    const meets = places.some((others) => mayShare(others, own, { same: new Set() }, known));
    if (launch === undefined || meets) {
      launches.push([nest]);
      places = [own];
    } else {
      launch.push(nest);
      places.push(own);
    }
  }
  return launches;
}

/** A nest as one statement. */
function writeNest({ loops, body }: Nest, names: Names, mark: 'grid' | 'threads' = 'grid'): Stmt {
  const marked = (loop: Omit<For, 'body'>, inside: readonly Stmt[]): For => ({
    ...loop,
    [mark]: true,
    body: inside,
  });
  const [outermost, ...inner] = loops;
  if (outermost === undefined) return marked(oneTurn(names.fresh('once')), body);
  const inside = inner.reduceRight<readonly Stmt[]>((stmts, loop) => [marked(loop, stmts)], body);
  return marked(outermost, inside);
}

function oneTurn(name: string): Omit<For, 'body'> {
  return { kind: 'for', name, start: index(0), end: index(1), step: 1 };
}
