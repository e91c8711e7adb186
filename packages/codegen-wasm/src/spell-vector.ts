/** Expressions of a loop in lanes: what varies from lane to lane as a vector of all lanes. */

import {
  type Cast,
  type Expr,
  isLiteral,
  type Load,
  narrowLoadOf,
  rampOf,
  type Select,
  varies,
} from '@whittle/kernel';
import { load, loadLane, localGet, op } from './assembler/expressions.js';
import type { KernelScope } from './kernel-scope.js';
import { laneAddress } from './lane-address.js';
import { asI32, opByName } from './op-by-name.js';
import { spellAddress, spellExpr } from './spell-expr.js';
import { representationOf } from './value-types.js';
import { isWord, splatConst } from './vector-constants.js';
import {
  spellFunction,
  spellVectorBinary,
  spellVectorUnary,
  type Vector,
} from './vector-operators.js';

/** All lanes of a value; they are the same where the value does not vary. */
export function spellVector(expr: Expr, scope: KernelScope): Vector {
  const spell = (operand: Expr): Vector => spellVector(operand, scope);
  if (expr.kind === 'variable') {
    const variable = localGet(scope.variable(expr.name));
    return variable.type === 'v128' ? (variable as Vector) : splat(expr, scope);
  }
  if (!varies(expr, scope.laneTypes)) return splat(expr, scope);
  switch (expr.kind) {
    case 'literal':
      return splat(expr, scope);
    case 'load':
      return spellLoad(expr, scope);
    case 'unary':
      return spellVectorUnary(
        expr.op,
        expr.x.dtype,
        expr.op === 'log' ? spellLogistic(expr.x, scope) : spell(expr.x),
        scope,
      );
    case 'binary': {
      const { op: name, a, b } = expr;
      const known = isLiteral(b) && !Number.isNaN(b.value) && !Object.is(b.value, -0);
      const bound = known ? Number(b.value) : undefined;
      return spellVectorBinary(
        name,
        a.dtype,
        [spell(a), name === 'div' ? spellLogistic(b, scope) : spell(b)],
        scope,
        bound,
      );
    }
    case 'select': {
      const larger = largerOf(expr);
      if (larger !== undefined) return op('f32x4.pmax', spell(larger.otherwise), spell(larger.x));
      return op('v128.bitselect', spell(expr.then), spell(expr.otherwise), spell(expr.condition));
    }
    case 'cast': {
      const narrow = narrowLoadOf(expr);
      return narrow === undefined ? spellCast(expr, spell(expr.x)) : spellNarrowLoad(narrow, scope);
    }
  }
}

/** Bytes side by side, as int32. */
function spellNarrowLoad({ dtype, index }: Load, scope: KernelScope): Vector {
  const { base, memory } = spellAddress(index, scope);
  const bytes = load('v128.load32_zero', base, memory);
  return dtype === 'int8'
    ? op('i32x4.extend_low_i16x8_s', op('i16x8.extend_low_i8x16_s', bytes))
    : op('i32x4.extend_low_i16x8_u', op('i16x8.extend_low_i8x16_u', bytes));
}

/** One value in all lanes. */
function splat(expr: Expr, scope: KernelScope): Vector {
  if (expr.kind === 'literal') return splatConst(expr.dtype, Number(expr.value));
  if (expr.kind === 'load' && isWord(scope.dtypeOf(expr.param))) {
    const { base, memory } = spellAddress(expr.index, scope);
    return load('v128.load32_splat', base, memory);
  }
  const value = spellExpr(expr, scope);
  if (expr.dtype === 'bool') return op('i32x4.neg', op('i32x4.splat', asI32(value)));
  return opByName(`${representationOf(expr.dtype).type}x4.splat`, value) as Vector;
}

/** Elements side by side by one load, others one by one. */
function spellLoad({ index }: Load, scope: KernelScope): Vector {
  const ramp = rampOf(index, scope.laneTypes) ?? scope.fail('lanes are loaded from anywhere');
  const { base, memory } = spellAddress(index, scope);
  if (ramp === 4) return load('v128.load', base, memory);
  // The address of the last lane is worked out before the vector that it completes.
  const { first, again } = scope.share(base);
  const withLane = (vector: Vector, lane: number): Vector => {
    const at = laneAddress(lane === 3 ? first : again, memory, lane * ramp);
    return loadLane('v128.load32_lane', lane, at.base, vector, at.memory);
  };
  return [1, 2, 3].reduce(withLane, load('v128.load32_splat', again, memory));
}

function spellCast({ dtype, x }: Cast, value: Vector): Vector {
  const from = representationOf(x.dtype);
  const to = representationOf(dtype);
  if (to.family === 'bool') {
    if (from.family === 'bool') return value;
    return opByName(`${from.type}x4.ne`, value, splatConst(x.dtype, 0)) as Vector;
  }
  if (from.family === 'bool') return op('v128.and', value, splatConst(dtype, 1));
  if (from.family === to.family) return value;
  return to.family === 'float'
    ? (opByName(`f32x4.convert_i32x4_${from.sign}`, value) as Vector)
    : (opByName(`i32x4.trunc_sat_f32x4_${to.sign}`, value) as Vector);
}

function isOne(expr: Expr): boolean {
  return expr.kind === 'literal' && expr.dtype === 'float32' && expr.value === 1;
}

/** `exp(-x) + 1` where something is divided by it or its logarithm is taken; anything else as ever. */
function spellLogistic(expr: Expr, scope: KernelScope): Vector {
  const x = exponentOfMinus(expr);
  if (x === undefined) return spellVector(expr, scope);
  return spellFunction('exp of minus + 1', [spellVector(x, scope)], scope);
}

/** The `x` of `exp(-x) + 1`. */
function exponentOfMinus(expr: Expr): Expr | undefined {
  if (expr.kind !== 'binary' || expr.op !== 'add' || !isOne(expr.b)) return undefined;
  const { a } = expr;
  if (a.kind !== 'unary' || a.op !== 'exp' || a.x.kind !== 'unary') return undefined;
  return a.x.op === 'neg' ? a.x.x : undefined;
}

/** The parts of `x > y ? x : y`, which is y where one of them is NaN. */
function largerOf({ condition, then, otherwise }: Select): Larger | undefined {
  if (condition.kind !== 'binary' || condition.op !== 'gt') return undefined;
  const { a, b } = condition;
  const isSame = a.dtype === 'float32' && sameVariable(a, then) && sameVariable(b, otherwise);
  return isSame ? { x: a, otherwise: b } : undefined;
}

interface Larger {
  readonly x: Expr;
  readonly otherwise: Expr;
}

function sameVariable(a: Expr, b: Expr): boolean {
  return a.kind === 'variable' && b.kind === 'variable' && a.name === b.name;
}
