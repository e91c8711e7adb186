/** Statements of the loop IR as WGSL. */

import type { TextWriter } from '@whittle/emit';
import {
  type Assign,
  add,
  binary,
  declaredIn,
  type Expr,
  type For,
  gatheringOf,
  type If,
  index,
  isLiteral,
  type LaneTypes,
  type Let,
  laneTypesOf,
  type memoriesOf,
  rangeOf,
  rangeOfLoop,
  type ScalarType,
  type Stmt,
  type Store,
  variable,
} from '@whittle/kernel';
import { fixedValue, hasQuarter, quarterOf, vectorPlaceOf } from './aligned-lanes.js';
import { type Code, primary, splat } from './code.js';
import { binaryOperator } from './operators.js';
import { convert } from './print-cast.js';
import { type PrintContext, printExpr, printIndex, rampOfIndex } from './print-expr.js';
import { type Nest, nestOf } from './threads.js';
import { laneCount, laneNames, wgslTypeOf } from './types.js';

export interface WriteContext extends PrintContext {
  /** The parameters of the kernel and what its threads share, by name too. */
  readonly memories: ReturnType<typeof memoriesOf>;
  readonly kernel: string;
  /** Whether some binding is loaded as well as stored: then a barrier is for it too. */
  readonly readsItsStores: boolean;
  readonly workgroupSize: number;
  /** Prints the value of a name that is declared, and writes it where the name is used at all. */
  declare(name: string, print: () => string, write: (value: string) => void): void;
  /** A name for a value that the kernel has no name for. */
  temporary(hint: string): string;
  /** Lets and locals of the loop in lanes. */
  readonly own: ReadonlySet<string>;
}

function writeStmts(stmts: readonly Stmt[], writer: TextWriter, context: WriteContext): void {
  for (const stmt of stmts) writeStmt(stmt, writer, context);
}

function writeStmt(stmt: Stmt, writer: TextWriter, context: WriteContext): void {
  switch (stmt.kind) {
    case 'for':
      writeLoop(stmt, writer, context);
      return;
    case 'let':
      writeLet(stmt, writer, context);
      return;
    case 'local': {
      const init = printOf(stmt.name, stmt.init, context);
      writer.line(`var ${context.nameOf(stmt.name)} = ${init.text};`);
      return;
    }
    case 'assign':
      writeAssign(stmt, writer, context);
      return;
    case 'store':
      writeStore(stmt, writer, context);
      return;
    case 'if':
      writeIf(stmt, writer, context);
      return;
  }
}

function writeLet({ name, value }: Let, writer: TextWriter, context: WriteContext): void {
  const { multiples, fixed } = context;
  if (value.dtype === 'index') context.ranges.set(name, rangeOf(value, context.ranges));
  const print = (expr: Expr) => () =>
    (expr.dtype === 'index' ? printIndex(expr, context) : printOf(name, expr, context)).text;
  const declare = (own: string, expr: Expr): void =>
    context.declare(own, print(expr), (text) => {
      writer.line(`let ${context.nameOf(own)} = ${text};`);
    });
  declare(name, value);
  if (value.dtype !== 'index' || !hasQuarter(name, multiples)) return;
  const place = vectorPlaceOf(value, multiples, fixed);
  if (place !== undefined) declareQuarter(name, place.vector, writer, context);
}

function declareQuarter(
  name: string,
  value: Expr,
  writer: TextWriter,
  context: WriteContext,
): void {
  const quarter = quarterOf(name);
  context.ranges.set(quarter, rangeOf(value, context.ranges));
  context.declare(
    quarter,
    () => printExpr(value, context).text,
    (text) => {
      writer.line(`let ${context.nameOf(quarter)} = ${text};`);
    },
  );
}

/** A variable of a loop of the grid, which is the `digit` of the thread's number. */
function writeDigit(
  { name, start, step }: For,
  digit: string,
  writer: TextWriter,
  context: WriteContext,
): void {
  const from = isLiteral(start) ? Number(start.value) : context.fail('a grid begins anywhere');
  const declare = (own: string, begin: number, by: number): void =>
    context.declare(
      own,
      () => {
        const scaled = by === 1 ? digit : `${digit} * ${by}`;
        return begin === 0 ? scaled : `${scaled} ${begin < 0 ? '-' : '+'} ${Math.abs(begin)}`;
      },
      (text) => {
        writer.line(`let ${context.nameOf(own)} = ${text};`);
      },
    );
  declare(name, from, step);
  if (from % laneCount === 0 && step % laneCount === 0) {
    const quarter = quarterOf(name);
    const { min, max } = context.ranges.get(name) ?? { min: -Infinity, max: Infinity };
    context.ranges.set(quarter, { min: min / laneCount, max: max / laneCount });
    declare(quarter, from / laneCount, step / laneCount);
  }
}

/** The context of a loop's body: another one for a loop in lanes. */
function contextInside(loop: For, context: WriteContext): WriteContext {
  if (loop.lanes === undefined) return context;
  if (loop.lanes !== laneCount) context.fail(`"${loop.name}" runs in ${loop.lanes} lanes`);
  const lanes = laneTypesOf(loop, context.memories, { halves: true });
  if (typeof lanes === 'string') context.fail(`"${loop.name}" cannot run in lanes: ${lanes}`);
  return { ...context, lanes: lanes as LaneTypes, own: declaredIn(loop.body) };
}

/**
 * Turns that the threads of a workgroup share out: each takes every 64th, from its own number on.
 * Afterwards it waits for the others.
 */
function writeShared(loop: For, writer: TextWriter, context: WriteContext): void {
  const nest = nestOf(loop, context.kernel, 'threads');
  const { workgroupSize } = context;
  const isOnce = nest.turns <= workgroupSize;
  const turn = isOnce ? 'local' : context.temporary('turn');
  const write = (): void => writeTurn(nest, turn, writer, context);
  if (nest.turns === workgroupSize) writer.block('', write);
  else if (isOnce) writer.block(`if (local < ${nest.turns}u)`, write);
  else {
    const bounds = `var ${turn} = local; ${turn} < ${nest.turns}u; ${turn} += ${workgroupSize}u`;
    writer.block(`for (${bounds})`, write);
  }
  writer.line('workgroupBarrier();');
  if (context.readsItsStores) writer.line('storageBarrier();');
}

/** The body of a nest in the turn of a number. */
export function writeTurn(
  nest: Nest,
  turn: string,
  writer: TextWriter,
  context: WriteContext,
): void {
  let inside = context;
  for (const { loop, turns, stride } of nest.loops) {
    inside = contextInside(loop, inside);
    inside.ranges.set(loop.name, rangeOfLoop(loop, inside.ranges));
    if (turns === 1) {
      inside.fixed.set(loop.name, isLiteral(loop.start) ? Number(loop.start.value) : 0);
      continue;
    }
    const divided = stride === 1 ? turn : `${turn} / ${stride}u`;
    const isOutermost = stride * turns === nest.turns;
    const digit = isOutermost ? `i32(${divided})` : `i32(${divided} % ${turns}u)`;
    writeDigit({ ...loop, step: loop.step * (loop.lanes ?? 1) }, digit, writer, inside);
  }
  writeStmts(nest.body, writer, inside);
}

function writeLoop(loop: For, writer: TextWriter, context: WriteContext): void {
  if (loop.threads) {
    writeShared(loop, writer, context);
    return;
  }
  const inside = contextInside(loop, context);
  const { name, start, end, body } = loop;
  context.ranges.set(name, rangeOfLoop(loop, context.ranges));
  const fixed = fixedValue(loop);
  if (fixed !== undefined) {
    // All turns at once.
    context.fixed.set(name, fixed);
    writeStmts(body, writer, inside);
    return;
  }
  const variableName = context.nameOf(name);
  const from = printIndex(start, context).text;
  let last = printIndex(end, context).text;
  if (!isLiteral(end)) {
    // It is worked out once, before the loop can change what it depends on.
    const fresh = context.temporary(`${variableName}_end`);
    writer.line(`let ${fresh} = ${last};`);
    last = fresh;
  }
  const step = loop.step * (loop.lanes ?? 1);
  const next = step === 1 ? `${variableName}++` : `${variableName} += ${step}`;
  writer.block(`for (var ${variableName} = ${from}; ${variableName} < ${last}; ${next})`, () => {
    if (hasQuarter(name, context.multiples)) {
      const quarter = binary('floordiv', variable(name, 'index'), index(laneCount));
      declareQuarter(name, quarter, writer, inside);
    }
    writeStmts(body, writer, inside);
  });
}

/** The value of a variable: a vector where the variable varies. */
function printOf(name: string, value: Expr, context: WriteContext): Code {
  const code = printExpr(value, context);
  const varies = context.lanes?.varying.has(name) ?? false;
  return varies ? splat(code, wgslTypeOf(value.dtype)) : code;
}

/** Dtypes whose sums need no wrap. */
const plainSums: ReadonlySet<ScalarType> = new Set([
  ...(['float32', 'int32', 'uint32', 'index'] as const),
]);

/** `sum += term` where that is what is assigned. */
function writeAssign(assign: Assign, writer: TextWriter, context: WriteContext): void {
  const { name, value } = assign;
  if (context.lanes !== undefined && !context.own.has(name)) {
    writeGathering(assign, writer, context);
    return;
  }
  const target = context.nameOf(name);
  if (value.kind === 'binary' && value.op === 'add' && plainSums.has(value.dtype)) {
    if (value.a.kind === 'variable' && value.a.name === name) {
      writer.line(`${target} += ${printOf(name, value.b, context).text};`);
      return;
    }
  }
  writer.line(`${target} = ${printOf(name, value, context).text};`);
}

/** A local from outside of the loop takes one lane after another. */
function writeGathering(assign: Assign, writer: TextWriter, context: WriteContext): void {
  const { dtype } = assign.value;
  const target = context.nameOf(assign.name);
  const gathering = gatheringOf(assign) ?? context.fail(`"${assign.name}" is kept between turns`);
  const { op } = gathering;
  const spell = binaryOperator(op, dtype) ?? context.fail(`there is no ${op} of ${dtype}`);
  const lanes = context.temporary('lanes');
  const type = wgslTypeOf(dtype);
  writer.line(`let ${lanes} = ${splat(printExpr(gathering.x, context), type).text};`);
  const of = { type, lanes: false, literal: undefined, helper: context.helper };
  for (const lane of laneNames) {
    const taken = spell(primary(target), primary(`${lanes}.${lane}`), of);
    writer.line(`${target} = ${taken.text};`);
  }
}

function writeStore(store: Store, writer: TextWriter, context: WriteContext): void {
  const { memory, offset } = context.placeOf(store.param);
  const at = add(store.index, index(offset));
  const stored = printExpr(store.value, context);
  const value = convert(stored, wgslTypeOf(store.value.dtype), memory.type);
  const ramp = rampOfIndex(store.index, context);
  if (ramp === 0) {
    writer.line(memory.store(printIndex(at, context), value));
    return;
  }
  const lanes = splat(value, memory.type);
  const place = memory.isVectors ? vectorPlaceOf(at, context.multiples, context.fixed) : undefined;
  if (place !== undefined) {
    writer.line(memory.store(printIndex(place.vector, context), lanes));
  } else writer.line(memory.storeLanes(printIndex(at, context), ramp, lanes));
}

function writeIf(
  { condition, then, otherwise }: If,
  writer: TextWriter,
  context: WriteContext,
): void {
  const test = printExpr(condition, context).text;
  writer.block(
    `if (${test})`,
    () => writeStmts(then, writer, context),
    otherwise.length === 0 ? '}' : '} else {',
  );
  if (otherwise.length === 0) return;
  writer.indented(() => writeStmts(otherwise, writer, context)).line('}');
}
