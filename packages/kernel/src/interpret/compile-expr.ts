/**
 * Expressions as closures. Values of 64-bit integers are bigints and all others numbers (bool is 0 or
 * 1), so there are two kinds of evaluators; which one an expression has follows from its dtype.
 *
 * Both sides of a `select`, an `and` and an `or` are evaluated, as a target may do: an access out of
 * bounds in a branch that is not taken is an error too.
 */

import { CompilerError, isFloat, isInt64 } from '@whittle/ir';
import type { Binary, Expr, Literal, Load, ScalarType, Unary } from '../loop-ir.js';
import { bigintBinary, bigintComparisons, bigintUnary } from './bigint-ops.js';
import { castToBigint, castToNumber } from './cast.js';
import { type Binding, halfFormats, type NumberBinding, outOfBounds } from './memory.js';
import {
  boolBinary,
  boolUnary,
  comparisonsOfNumbers,
  type EvaluateNumber,
  floatBinary,
  floatUnary,
  integerBinary,
  integerUnary,
  shiftRightSigned,
  shiftRightUnsigned,
  wraps,
} from './number-ops.js';

export type EvaluateBigint = () => bigint;

/**
 * What holds a variable. Indices and small integers have cells of their own, so that the engine keeps
 * the two kinds of numbers apart and boxes no integer.
 */
export type NumberCell = IntegerCell | FloatCell;

export class IntegerCell {
  readonly kind = 'integer';
  value = 0;
}

export class FloatCell {
  readonly kind = 'float';
  value = 0.5;
}

/** Where names are found: one cell for each variable, one binding for each parameter. */
export interface Scope {
  readonly kernel: string;
  numberCell(name: string): NumberCell;
  bigintCell(name: string): { value: bigint };
  binding(param: string): Binding;
}

export function isWide(dtype: ScalarType): boolean {
  return dtype !== 'index' && isInt64(dtype);
}

/** The evaluator of an expression that is not a 64-bit integer. */
export function compileNumber(expr: Expr, scope: Scope): EvaluateNumber {
  switch (expr.kind) {
    case 'literal': {
      const value = Number(expr.value);
      return () => value;
    }
    case 'variable': {
      const cell = scope.numberCell(expr.name);
      return cell.kind === 'integer' ? () => cell.value : () => cell.value;
    }
    case 'load':
      return loadNumber(expr, scope);
    case 'unary':
      return unaryNumber(expr, scope);
    case 'binary':
      return binaryNumber(expr, scope);
    case 'select': {
      const condition = compileNumber(expr.condition, scope);
      const then = compileNumber(expr.then, scope);
      const otherwise = compileNumber(expr.otherwise, scope);
      return () => {
        const [yes, no] = [then(), otherwise()];
        return condition() !== 0 ? yes : no;
      };
    }
    case 'cast':
      return isWide(expr.x.dtype)
        ? castToNumber(compileBigint(expr.x, scope), expr.dtype)
        : castToNumber(compileNumber(expr.x, scope), expr.dtype, expr.x.dtype);
  }
}

/** The evaluator of an expression that is a 64-bit integer. */
export function compileBigint(expr: Expr, scope: Scope): EvaluateBigint {
  switch (expr.kind) {
    case 'literal':
      return literalBigint(expr);
    case 'variable': {
      const cell = scope.bigintCell(expr.name);
      return () => cell.value;
    }
    case 'load':
      return loadBigint(expr, scope);
    case 'unary': {
      const f = bigintUnary[expr.op] ?? undefinedOp(expr, scope);
      const x = compileBigint(expr.x, scope);
      return wrapped(expr.dtype, () => f(x()));
    }
    case 'binary': {
      const f = bigintBinary[expr.op] ?? undefinedOp(expr, scope);
      const [a, b] = [compileBigint(expr.a, scope), compileBigint(expr.b, scope)];
      return wrapped(expr.dtype, () => f(a(), b()));
    }
    case 'select': {
      const condition = compileNumber(expr.condition, scope);
      const then = compileBigint(expr.then, scope);
      const otherwise = compileBigint(expr.otherwise, scope);
      return () => {
        const [yes, no] = [then(), otherwise()];
        return condition() !== 0 ? yes : no;
      };
    }
    case 'cast':
      return isWide(expr.x.dtype)
        ? castToBigint(compileBigint(expr.x, scope), expr.dtype)
        : castToBigint(compileNumber(expr.x, scope), expr.dtype, expr.x.dtype);
  }
}

function loadNumber(expr: Load, scope: Scope): EvaluateNumber {
  const binding = scope.binding(expr.param);
  const at = compileNumber(expr.index, scope);
  if (binding.wide) return mixedUp(scope);
  const { dtype } = binding.param;
  if (dtype === 'float16' || dtype === 'bfloat16') {
    const { decode } = halfFormats[dtype];
    return () => decode(elementAt(binding, at()));
  }
  if (dtype === 'bool') return () => (elementAt(binding, at()) !== 0 ? 1 : 0);
  return () => elementAt(binding, at());
}

function elementAt(binding: NumberBinding, at: number): number {
  const value = binding.data[binding.offset + at];
  if (value === undefined) throw outOfBounds('load', binding, at);
  return value;
}

function loadBigint(expr: Load, scope: Scope): EvaluateBigint {
  const binding = scope.binding(expr.param);
  const at = compileNumber(expr.index, scope);
  if (!binding.wide) return mixedUp(scope);
  return () => {
    const position = at();
    const value = binding.data[binding.offset + position];
    if (value === undefined) throw outOfBounds('load', binding, position);
    return value;
  };
}

function literalBigint(expr: Literal): EvaluateBigint {
  const value = BigInt(expr.value);
  return () => value;
}

function unaryNumber(expr: Unary, scope: Scope): EvaluateNumber {
  const { dtype } = expr.x;
  const table = dtype === 'bool' ? boolUnary : isFloatType(dtype) ? floatUnary : integerUnary;
  const op = table[expr.op] ?? undefinedOp(expr, scope);
  return wrappedNumber(expr.dtype, op(compileNumber(expr.x, scope)));
}

function binaryNumber(expr: Binary, scope: Scope): EvaluateNumber {
  const { dtype } = expr.a;
  if (dtype === 'index' && expr.b.kind === 'literal') {
    const shorter = withConstant(expr, Number(expr.b.value), scope);
    if (shorter !== undefined) return shorter;
  }
  if (isWide(dtype)) {
    const compare = bigintComparisons[expr.op] ?? undefinedOp(expr, scope);
    const [a, b] = [compileBigint(expr.a, scope), compileBigint(expr.b, scope)];
    return () => (compare(a(), b()) ? 1 : 0);
  }
  const [a, b] = [compileNumber(expr.a, scope), compileNumber(expr.b, scope)];
  const compare = comparisonsOfNumbers[expr.op];
  if (compare !== undefined) return compare(a, b);
  if (expr.op === 'shr' && !isFloatType(dtype) && dtype !== 'bool') {
    const shift = dtype === 'uint32' ? shiftRightUnsigned : shiftRightSigned;
    return wrappedNumber(expr.dtype, shift(a, b));
  }
  const table = dtype === 'bool' ? boolBinary : isFloatType(dtype) ? floatBinary : integerBinary;
  const op = table[expr.op] ?? undefinedOp(expr, scope);
  return wrappedNumber(expr.dtype, op(a, b));
}

/** The common index arithmetic, with one call less. */
function withConstant({ op, a }: Binary, b: number, scope: Scope): EvaluateNumber | undefined {
  if (op !== 'add' && op !== 'mul') return undefined;
  const x = compileNumber(a, scope);
  return op === 'add' ? () => x() + b : () => Math.imul(x(), b);
}

function wrappedNumber(dtype: ScalarType, evaluate: EvaluateNumber): EvaluateNumber {
  const wrap = wraps[dtype];
  return wrap === undefined ? evaluate : () => wrap(evaluate());
}

function wrapped(dtype: ScalarType, evaluate: EvaluateBigint): EvaluateBigint {
  return dtype === 'uint64'
    ? () => BigInt.asUintN(64, evaluate())
    : () => BigInt.asIntN(64, evaluate());
}

function isFloatType(dtype: ScalarType): boolean {
  return dtype !== 'index' && isFloat(dtype);
}

function undefinedOp({ op, dtype }: Unary | Binary, scope: Scope): never {
  throw new CompilerError('E_INTERNAL', `Kernel "${scope.kernel}": no ${op} of ${dtype}.`);
}

function mixedUp(scope: Scope): never {
  throw new CompilerError('E_INTERNAL', `Kernel "${scope.kernel}": a load of another dtype.`);
}
