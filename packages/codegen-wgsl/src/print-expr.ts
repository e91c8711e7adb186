/** Expressions of the loop IR as WGSL. What varies in a loop in lanes is a vector, all else a scalar. */

import {
  add,
  affineOf,
  type Binary,
  type Cast,
  type Expr,
  expressionsIn,
  exprOfAffine,
  index,
  isLiteral,
  type LaneTypes,
  type Load,
  type Range,
  rampOf,
  rangeOf,
  type Select,
  type Unary,
} from '@whittle/kernel';
import { expandFixed, type FixedIndices, type Multiples, vectorPlaceOf } from './aligned-lanes.js';
import { type Code, call, infix, primary, splat } from './code.js';
import { binaryOperator, literalValue, unaryOperator, wrapped } from './operators.js';
import { convert, printCast } from './print-cast.js';
import { printLiteral } from './print-literal.js';
import type { SlotMemory } from './slot-memory.js';
import { type WgslType, wgslTypeOf } from './types.js';
import type { UseHelper } from './wgsl-helpers.js';

/** What the text of an expression depends on. */
export interface PrintContext {
  /** The identifier of a variable of the kernel, or of its quarter. */
  nameOf(variable: string): string;
  /** Where a parameter lies, and the element from which its indices count. */
  placeOf(param: string): { readonly memory: SlotMemory; readonly offset: number };
  readonly helper: UseHelper;
  /** What is known about indices. Both grow on the way, where variables are declared. */
  readonly ranges: Map<string, Range>;
  readonly fixed: Map<string, number>;
  readonly multiples: Multiples;
  /** How the lanes of the loop around differ; undefined outside of such loops. */
  readonly lanes: LaneTypes | undefined;
  /** @throws {CompilerError} `E_INTERNAL`. */
  fail(reason: string): never;
}

export function printExpr(expr: Expr, context: PrintContext): Code {
  switch (expr.kind) {
    case 'literal':
      return printLiteral(expr, context.helper);
    case 'variable': {
      const value = context.fixed.get(expr.name);
      if (value !== undefined) return printLiteral(index(value), context.helper);
      const varies = context.lanes?.varying.has(expr.name) ?? false;
      return primary(context.nameOf(expr.name), varies);
    }
    case 'load':
      return printLoad(expr, context);
    case 'unary':
      return printUnary(expr, context);
    case 'binary':
      return printBinary(expr, context);
    case 'select':
      return printSelect(expr, context);
    case 'cast':
      return printCastOf(expr, context);
  }
}

/** An index, where variables with one value are merged with what is constant. */
export function printIndex(expr: Expr, context: PrintContext): Code {
  return printExpr(withoutFixed(expr, context.fixed), context);
}

function withoutFixed(expr: Expr, fixed: FixedIndices): Expr {
  if (fixed.size === 0) return expr;
  for (const part of expressionsIn(expr)) {
    if (part.kind === 'variable' && fixed.has(part.name)) {
      return exprOfAffine(affineOf(expr, expandFixed(fixed)));
    }
  }
  return expr;
}

function printLoad(load: Load, context: PrintContext): Code {
  const { memory, offset } = context.placeOf(load.param);
  const at = add(load.index, index(offset));
  const print = (place: Expr): Code => printIndex(place, context);
  const element = (): Code => {
    const ramp = rampOfIndex(load.index, context);
    const place = memory.isVectors
      ? vectorPlaceOf(at, context.multiples, context.fixed)
      : undefined;
    if (ramp === 0) {
      return place === undefined
        ? memory.load(at, print)
        : memory.vector(print(place.vector), place.lane);
    }
    if (ramp === 1 && place !== undefined) return memory.vector(print(place.vector));
    return memory.loadLanes(print(at), ramp);
  };
  return convert(element(), memory.type, wgslTypeOf(load.dtype));
}

/** How much the places of an access grow from lane to lane. */
export function rampOfIndex(at: Expr, { lanes, fail }: PrintContext): number {
  if (lanes === undefined) return 0;
  return rampOf(at, lanes) ?? fail('the lanes lie anywhere');
}

function printUnary(expr: Unary, context: PrintContext): Code {
  const { op, dtype } = expr;
  const spell = unaryOperator(op, expr.x.dtype) ?? undefinedOp(expr, context);
  const x = atRunTime(printExpr(expr.x, context), expr.x, context);
  const of = { type: wgslTypeOf(expr.x.dtype), lanes: x.lanes, literal: literalValue(expr.x) };
  return wrapped(spell(x, { ...of, helper: context.helper }), dtype, op);
}

function printBinary(expr: Binary, context: PrintContext): Code {
  const short = printIndexDivision(expr, context) ?? printOffset(expr, context);
  if (short !== undefined) return short;
  const spell = binaryOperator(expr.op, expr.a.dtype) ?? undefinedOp(expr, context);
  const b = printExpr(expr.b, context);
  const a = printExpr(expr.a, context);
  const operands = {
    type: wgslTypeOf(expr.a.dtype),
    lanes: a.lanes || b.lanes,
    literal: literalValue(expr.b),
    helper: context.helper,
  };
  const first = b.constant ? atRunTime(a, expr.a, context) : a;
  return wrapped(spell(first, b, operands), expr.dtype, expr.op);
}

/** An index less a constant, which sums hold as a negative one. */
function printOffset({ op, a, b }: Binary, context: PrintContext): Code | undefined {
  if (op !== 'add' || b.dtype !== 'index' || !isLiteral(b)) return undefined;
  const offset = Number(b.value);
  if (offset >= 0) return undefined;
  return infix(printExpr(a, context), '-', 'additive', primary(String(-offset)));
}

/** Division of an index by a positive literal: by shifts, or of what is never negative as it is. */
function printIndexDivision(expr: Binary, context: PrintContext): Code | undefined {
  const { op, a, b } = expr;
  if (a.dtype !== 'index' || !isLiteral(b)) return undefined;
  if (op !== 'floordiv' && op !== 'floormod' && op !== 'div' && op !== 'rem') return undefined;
  const by = Number(b.value);
  const isNatural = rangeOf(a, context.ranges).min >= 0;
  const roundsDown = op === 'floordiv' || op === 'floormod' || isNatural;
  if (by <= 0 || !roundsDown) return undefined;
  const x = printExpr(a, context);
  const divides = op === 'floordiv' || op === 'div';
  const bits = Math.log2(by);
  if (Number.isInteger(bits)) {
    return divides
      ? infix(x, '>>', 'other', primary(`${bits}u`))
      : infix(x, '&', 'other', primary(String(by - 1)));
  }
  if (!isNatural) return undefined;
  return infix(x, divides ? '/' : '%', 'multiplicative', primary(String(by)));
}

function printSelect({ condition, then, otherwise, dtype }: Select, context: PrintContext): Code {
  const test = printExpr(condition, context);
  const [yes, no] = [printExpr(then, context), printExpr(otherwise, context)];
  const lanes = test.lanes || yes.lanes || no.lanes;
  const spread = (code: Code, type: WgslType): Code => (lanes ? splat(code, type) : code);
  const type = wgslTypeOf(dtype);
  return call('select', [spread(no, type), spread(yes, type), spread(test, 'bool')], lanes);
}

function printCastOf({ dtype, x }: Cast, context: PrintContext): Code {
  const code = printExpr(x, context);
  const value = code.constant ? atRunTime(code, x, context, true) : code;
  return printCast(value, x.dtype, dtype, context.helper);
}

/** What is no constant for a compiler of WGSL, so that it refuses no result. Indices never overflow. */
function atRunTime(code: Code, { dtype }: Expr, { helper }: PrintContext, always = false): Code {
  if (!code.constant || (dtype === 'index' && !always)) return code;
  return call(helper(`runtime_${wgslTypeOf(dtype)}`), [code]);
}

function undefinedOp({ op, dtype }: Unary | Binary, { fail }: PrintContext): never {
  return fail(`there is no ${op} of ${dtype}`);
}
