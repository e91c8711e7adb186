/** The types of expressions, checked against what their ops want. */

import { isFloat } from '@whittle/ir';
import type { Binary, Expr, Literal, Param, ScalarType, Unary } from './loop-ir.js';
import { printExpr } from './text/print-expr.js';
import { formatScalarType, infixes } from './text/vocabulary.js';
import { operandsOf } from './traverse.js';

/** What may be used where an expression stands. */
export interface ExprScope {
  readonly params: ReadonlyMap<string, Param>;
  /** Variables by name. */
  readonly visible: ReadonlyMap<string, { readonly dtype: ScalarType }>;
  fail(message: string): never;
}

/** @throws what `scope.fail` throws, on the innermost expression that is wrong. */
export function verifyExpr(expr: Expr, scope: ExprScope): void {
  for (const operand of operandsOf(expr)) verifyExpr(operand, scope);
  const expected = typeOf(expr, scope);
  if (expected !== expr.dtype) scope.fail(`${showTyped(expr)} should be ${expected}`);
}

/** The type that an expression has by its operands. */
function typeOf(expr: Expr, scope: ExprScope): ScalarType {
  switch (expr.kind) {
    case 'literal':
      return verifyLiteral(expr, scope);
    case 'variable':
      return (
        scope.visible.get(expr.name)?.dtype ?? scope.fail(`"${expr.name}" is not declared here`)
      );
    case 'load': {
      const param = scope.params.get(expr.param);
      if (param === undefined) return scope.fail(`"${expr.param}" is loaded but is no parameter`);
      if (expr.index.dtype !== 'index') scope.fail(`the index of ${showTyped(expr)} is no index`);
      return arrivesAs(param.dtype);
    }
    case 'unary':
      return typeOfUnary(expr, scope);
    case 'binary':
      return typeOfBinary(expr, scope);
    case 'select':
      if (expr.condition.dtype !== 'bool')
        scope.fail(`the condition of ${showTyped(expr)} is no bool`);
      if (expr.then.dtype !== expr.otherwise.dtype) scope.fail(`${showTyped(expr)} has two types`);
      return expr.then.dtype;
    case 'cast':
      return expr.dtype;
  }
}

function typeOfUnary(expr: Unary, scope: ExprScope): ScalarType {
  const { op, x } = expr;
  const family = familyOf(x.dtype);
  if (op === 'isnan' && family === 'float') return 'bool';
  const fits =
    op === 'not'
      ? family === 'bool'
      : op === 'bitnot'
        ? family === 'integer'
        : op === 'neg' || op === 'abs' || op === 'sign'
          ? family !== 'bool'
          : family === 'float' && op !== 'isnan';
  return fits ? x.dtype : scope.fail(`${showTyped(expr)}: there is no ${op} of ${x.dtype}`);
}

const comparisons: ReadonlySet<string> = new Set(['eq', 'ne', 'lt', 'le', 'gt', 'ge']);
const ofBools: ReadonlySet<string> = new Set(['and', 'or', 'xor']);
const ofIntegers: ReadonlySet<string> = new Set(['bitand', 'bitor', 'bitxor', 'shl', 'shr']);
const ofIntegersAndIndices: ReadonlySet<string> = new Set(['floordiv', 'floormod']);

function typeOfBinary(expr: Binary, scope: ExprScope): ScalarType {
  const { op, a, b } = expr;
  if (a.dtype !== b.dtype) scope.fail(`${showTyped(expr)} mixes ${a.dtype} and ${b.dtype}`);
  const family = familyOf(a.dtype);
  const fits = ofBools.has(op)
    ? family === 'bool'
    : op === 'dot16'
      ? a.dtype === 'int32'
      : ofIntegers.has(op)
        ? family === 'integer'
        : ofIntegersAndIndices.has(op)
          ? family === 'integer' || family === 'index'
          : family !== 'bool' || op === 'eq' || op === 'ne';
  if (!fits || (op === 'pow' && family === 'index')) {
    scope.fail(`${showTyped(expr)}: there is no ${infixes[op]?.sign ?? op} of ${a.dtype}`);
  }
  return comparisons.has(op) ? 'bool' : a.dtype;
}

function verifyLiteral(expr: Literal, scope: ExprScope): ScalarType {
  const { dtype, value } = expr;
  const wide = dtype === 'int64' || dtype === 'uint64';
  const integer = familyOf(dtype) !== 'float' && !wide;
  const fits =
    (typeof value === 'bigint') === wide &&
    (!integer || Number.isInteger(value)) &&
    (dtype !== 'bool' || value === 0 || value === 1);
  return fits ? dtype : scope.fail(`${value} is no literal of ${dtype}`);
}

function familyOf(dtype: ScalarType): 'float' | 'integer' | 'index' | 'bool' {
  if (dtype === 'index' || dtype === 'bool') return dtype;
  return isFloat(dtype) ? 'float' : 'integer';
}

/** The type as which an element of a parameter arrives. */
export function arrivesAs(dtype: Param['dtype']): ScalarType {
  return dtype === 'float16' || dtype === 'bfloat16' ? 'float32' : dtype;
}

/** The text of an expression, cut where it is long, and its type. */
export function showTyped(expr: Expr): string {
  const text = printExpr(expr);
  const short = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return `${short} (${formatScalarType(expr.dtype)})`;
}
