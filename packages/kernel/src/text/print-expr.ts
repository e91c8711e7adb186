/** Expressions in the text form. */

import { isFloat } from '@whittle/ir';
import type { Expr, Literal } from '../loop-ir.js';
import { formatName, formatScalarType, infixes } from './vocabulary.js';

export function printExpr(expr: Expr): string {
  return printAt(expr, 0);
}

/** In parentheses where the expression binds more loosely than `level`. */
function printAt(expr: Expr, level: number): string {
  switch (expr.kind) {
    case 'literal':
      return printLiteral(expr);
    case 'variable':
      return formatName(expr.name);
    case 'load':
      return `${formatName(expr.param)}[${printExpr(expr.index)}]`;
    case 'unary':
      return `${expr.op}(${printExpr(expr.x)})`;
    case 'cast':
      return `${formatScalarType(expr.dtype)}(${printExpr(expr.x)})`;
    case 'select': {
      const parts = [expr.condition, expr.then, expr.otherwise].map(printExpr);
      return `select(${parts.join(', ')})`;
    }
    case 'binary': {
      const infix = infixes[expr.op];
      if (infix === undefined) return `${expr.op}(${printExpr(expr.a)}, ${printExpr(expr.b)})`;
      const [a, b] = [printAt(expr.a, infix.level), printAt(expr.b, infix.level + 1)];
      const text = `${a} ${infix.sign} ${b}`;
      return infix.level < level ? `(${text})` : text;
    }
  }
}

function printLiteral({ dtype, value }: Literal): string {
  if (dtype === 'bool') return value ? 'true' : 'false';
  if (dtype === 'index' || !isFloat(dtype)) {
    return dtype === 'index' ? String(value) : `${value}${formatScalarType(dtype)}`;
  }
  const number = Number(value);
  const suffix = dtype === 'float32' ? '' : formatScalarType(dtype);
  if (Number.isNaN(number)) return suffix === '' ? 'nan' : `nan_${suffix}`;
  const sign = number < 0 || Object.is(number, -0) ? '-' : '';
  const size = Math.abs(number);
  if (size === Infinity) return suffix === '' ? `${sign}inf` : `${sign}inf_${suffix}`;
  const digits = String(size);
  // Only the point or the exponent tells a float32 from an index.
  const point = suffix === '' && !/[.e]/.test(digits) ? '.0' : '';
  return `${sign}${digits}${point}${suffix}`;
}
