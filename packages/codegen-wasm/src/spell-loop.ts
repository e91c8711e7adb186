/**
 * Loops. An index that an innermost loop moves on evenly is kept from turn to turn, as a *walker*: it
 * begins where the loop does, and takes one addition a turn where there was a product and a sum. If
 * nothing else asks for the loop's own variable, a walker tells when to stop.
 */

import {
  affineOf,
  type Expr,
  expressionsIn,
  exprsOf,
  type For,
  isLiteral,
  type Let,
  rangeOf,
  rangeOfLoop,
  type Stmt,
  statementsIn,
} from '@whittle/kernel';
import { i32Const } from './assembler/constants.js';
import type { Local, Expr as WasmExpr } from './assembler/expr.js';
import { localGet, op } from './assembler/expressions.js';
import {
  block,
  brIf,
  ifElse,
  type Label,
  label,
  localSet,
  loop,
  type Stmt as WasmStmt,
} from './assembler/statements.js';
import type { KernelScope } from './kernel-scope.js';
import { asI32 } from './op-by-name.js';
import { spellExpr } from './spell-expr.js';

type SpellBody = (stmts: readonly Stmt[], scope: KernelScope) => readonly WasmStmt[];

/** Each turn moves on by `step`. The condition stands at the end, and before where there may be no turn. */
export function spellLoop(
  stmt: For,
  step: number,
  scope: KernelScope,
  spellBody: SpellBody,
): readonly WasmStmt[] {
  const { name, start } = stmt;
  const first = asI32(spellExpr(start, scope));
  const last = spellEnd(stmt, scope);
  const isSure = rangeOf(start, scope.ranges).max < rangeOf(stmt.end, scope.ranges).min;
  scope.ranges.set(name, rangeOfLoop(stmt, scope.ranges));
  const counter = asLocal(scope.declare(name, 'index'), scope);
  const turns = turnsOf(stmt, step);
  if (turns === 1) return [localSet(counter, first), ...spellBody(stmt.body, scope)];

  const { walkers, rest } = splitWalkers(stmt, scope);
  const begun = [localSet(counter, first), ...walkers.map((each) => begin(each, scope))];
  const again = label(name);
  const body = spellBody(rest, scope);
  const moved = walkers.map(({ name: walker, perPosition }) =>
    move(asLocal(scope.variable(walker), scope), perPosition * step),
  );
  const [leader] = walkers;
  if (leader !== undefined && turns !== undefined && !reads(rest, name)) {
    const walker = asLocal(scope.variable(leader.name), scope);
    const stop = scope.temporary('i32', `${leader.name} end`);
    const length = i32Const(leader.perPosition * step * turns);
    const copies = isTile(stmt, scope) ? Math.min(turns, turnsWrittenOut) : 1;
    return [
      ...begun,
      localSet(stop, op('i32.add', localGet(walker), length)),
      ...repeat([...body, ...moved], copies, walker, stop, again),
    ];
  }
  const goesOn = op('i32.lt_s', localGet(counter), last.value);
  const turning = loop(again, [...body, ...moved, move(counter, step), brIf(again, goesOn)]);
  return [...last.before, ...begun, isSure ? turning : ifElse(goesOn, [turning])];
}

/**
 * Turns of a register tile are written out several times, each with its own exit. V8 schedules what lies
 * between two branches on its own, so that the operands of one turn are in registers at once, and no
 * more; without the exits they would be those of all turns.
 */
const turnsWrittenOut = 8;

/** Whether a loop adds to so many vectors that they fill half of the registers. */
function isTile(stmt: For, { lanes }: KernelScope): boolean {
  const sums = stmt.body.filter(
    (each) => each.kind === 'assign' && lanes?.types.varying.has(each.name),
  );
  return sums.length >= 8;
}

/** A loop over so many copies of a turn, each of which may be the last: then `walker` is at `stop`. */
function repeat(
  turn: readonly WasmStmt[],
  copies: number,
  walker: Local<'i32'>,
  stop: Local<'i32'>,
  again: Label,
): readonly WasmStmt[] {
  const goesOn = brIf(again, op('i32.ne', localGet(walker), localGet(stop)));
  if (copies === 1) return [loop(again, [...turn, goesOn])];
  const out = label(`${again.label} out`);
  const leaves = brIf(out, op('i32.eq', localGet(walker), localGet(stop)));
  const others = Array.from({ length: copies - 1 }, () => [...turn, leaves]).flat();
  return [block(out, [loop(again, [...others, ...turn, goesOn])])];
}

interface Walker extends Let {
  /** By how much it grows where the loop's variable grows by 1. */
  readonly perPosition: number;
}

/** The names in the body of an innermost loop for sums of its variable and of what does not change. */
function splitWalkers(
  stmt: For,
  scope: KernelScope,
): { readonly walkers: readonly Walker[]; readonly rest: readonly Stmt[] } {
  const inside = [...statementsIn(stmt.body)];
  if (inside.some(({ kind }) => kind === 'for')) return { walkers: [], rest: stmt.body };
  const changing = new Set(inside.flatMap((each) => ('name' in each ? [each.name] : [])));
  const walkers: Walker[] = [];
  const rest: Stmt[] = [];
  for (const each of stmt.body) {
    const perPosition = each.kind === 'let' ? growthOf(each.value, stmt.name, changing) : 0;
    if (each.kind === 'let' && perPosition !== 0) {
      walkers.push({ ...each, perPosition });
      scope.ranges.set(each.name, rangeOf(each.value, scope.ranges));
    } else rest.push(each);
  }
  return { walkers, rest };
}

/** The coefficient of a loop's variable in an index; 0 where something else in it changes too. */
function growthOf(value: Expr, name: string, changing: ReadonlySet<string>): number {
  if (value.dtype !== 'index') return 0;
  const terms = [...affineOf(value).terms.values()];
  const isEven = terms.every(({ atom }) => atom.kind === 'variable' && !changing.has(atom.name));
  if (!isEven) return 0;
  return terms.find(({ atom }) => atom.kind === 'variable' && atom.name === name)?.coefficient ?? 0;
}

function begin({ name, value }: Walker, scope: KernelScope): WasmStmt {
  const spelled = spellExpr(value, scope);
  return localSet(scope.declare(name, 'index'), spelled);
}

function move(local: Local<'i32'>, by: number): WasmStmt {
  return localSet(local, op('i32.add', localGet(local), i32Const(by)));
}

function reads(stmts: readonly Stmt[], name: string): boolean {
  for (const expr of [...statementsIn(stmts)].flatMap(exprsOf)) {
    for (const part of expressionsIn(expr)) {
      if (part.kind === 'variable' && part.name === name) return true;
    }
  }
  return false;
}

/** How often a loop of constant bounds turns. */
function turnsOf({ start, end }: For, step: number): number | undefined {
  if (!isLiteral(start) || !isLiteral(end)) return undefined;
  const turns = Math.ceil((Number(end.value) - Number(start.value)) / step);
  return turns > 0 ? turns : undefined;
}

/** An end that is no constant is worked out once, before the loop can change what it depends on. */
function spellEnd(
  { name, end }: For,
  scope: KernelScope,
): { readonly before: readonly WasmStmt[]; readonly value: WasmExpr<'i32'> } {
  const value = asI32(spellExpr(end, scope));
  if (value.kind === 'const') return { before: [], value };
  const kept = scope.temporary('i32', `${name} end`);
  return { before: [localSet(kept, value)], value: localGet(kept) };
}

function asLocal(local: Local, scope: KernelScope): Local<'i32'> {
  return isI32(local) ? local : scope.fail(`"${local.name}" is no index`);
}

function isI32(local: Local): local is Local<'i32'> {
  return local.type === 'i32';
}
