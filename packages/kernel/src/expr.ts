/**
 * Smart constructors for expressions. They fold what is constant and keep sums and products of
 * indices short, so that lowering can write the general formula and get the special case.
 */

import type { DType } from '@whittle/ir';
import type { BinaryOp, Expr, Literal, ScalarType, UnaryOp, Variable } from './loop-ir.js';

export type { Expr } from './loop-ir.js';

/** A position in a buffer, or an extent. */
export function index(value: number): Literal {
  return { kind: 'literal', dtype: 'index', value };
}

/** A constant of `dtype`; 64-bit integers are held as bigint. */
export function literal(dtype: ScalarType, value: number | bigint): Literal {
  const wide = dtype === 'int64' || dtype === 'uint64';
  return { kind: 'literal', dtype, value: wide ? BigInt(value) : Number(value) };
}

export function variable(name: string, dtype: ScalarType): Variable {
  return { kind: 'variable', name, dtype };
}

export function load(param: string, dtype: Exclude<DType, 'string'>, at: Expr): Expr {
  const arrives = dtype === 'float16' || dtype === 'bfloat16' ? 'float32' : dtype;
  return { kind: 'load', param, dtype: arrives, index: at };
}

export function add(a: Expr, b: Expr): Expr {
  if (a.dtype === 'index') {
    if (isLiteral(a) && !isLiteral(b)) return add(b, a);
    if (isLiteral(b) && b.value === 0) return a;
    if (isLiteral(a) && isLiteral(b)) return index(Number(a.value) + Number(b.value));
    if (isLiteral(b) && a.kind === 'binary' && a.op === 'add' && isLiteral(a.b)) {
      return add(a.a, index(Number(a.b.value) + Number(b.value)));
    }
    if (b.kind === 'binary' && b.op === 'add' && isLiteral(b.b)) return add(add(a, b.a), b.b);
  }
  return binary('add', a, b);
}

export function sub(a: Expr, b: Expr): Expr {
  if (a.dtype === 'index' && isLiteral(b)) return add(a, index(-Number(b.value)));
  return binary('sub', a, b);
}

export function mul(a: Expr, b: Expr): Expr {
  if (a.dtype === 'index') {
    if (isLiteral(a) && !isLiteral(b)) return mul(b, a);
    if (isLiteral(b)) {
      if (b.value === 0) return index(0);
      if (b.value === 1) return a;
      if (isLiteral(a)) return index(Number(a.value) * Number(b.value));
      if (a.kind === 'binary' && a.op === 'mul' && isLiteral(a.b)) {
        return mul(a.a, index(Number(a.b.value) * Number(b.value)));
      }
      if (a.kind === 'binary' && a.op === 'add' && isLiteral(a.b)) {
        return add(mul(a.a, b), index(Number(a.b.value) * Number(b.value)));
      }
    }
  }
  return binary('mul', a, b);
}

/** `floor(a / by)` of an index that is not negative. */
export function floordiv(a: Expr, by: number): Expr {
  if (by === 1) return a;
  if (isLiteral(a)) return index(Math.floor(Number(a.value) / by));
  return binary('floordiv', a, index(by));
}

/** `a` modulo `by`, of an index that is not negative. */
export function floormod(a: Expr, by: number): Expr {
  if (by === 1) return index(0);
  if (isLiteral(a)) return index(Number(a.value) - by * Math.floor(Number(a.value) / by));
  return binary('floormod', a, index(by));
}

const comparisons: ReadonlySet<BinaryOp> = new Set(['eq', 'ne', 'lt', 'le', 'gt', 'ge']);

/** Any binary op; comparisons give bool, the others the type of their operands. */
export function binary(op: BinaryOp, a: Expr, b: Expr): Expr {
  return { kind: 'binary', op, dtype: comparisons.has(op) ? 'bool' : a.dtype, a, b };
}

export function unary(op: UnaryOp, x: Expr): Expr {
  return { kind: 'unary', op, dtype: op === 'isnan' ? 'bool' : x.dtype, x };
}

export function select(condition: Expr, then: Expr, otherwise: Expr): Expr {
  if (isLiteral(condition)) return condition.value ? then : otherwise;
  return { kind: 'select', dtype: then.dtype, condition, then, otherwise };
}

export function cast(x: Expr, dtype: ScalarType): Expr {
  return x.dtype === dtype ? x : { kind: 'cast', dtype, x };
}

export function isLiteral(expr: Expr): expr is Literal {
  return expr.kind === 'literal';
}
