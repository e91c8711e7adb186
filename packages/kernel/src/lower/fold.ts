/**
 * Folds: how reductions and pools combine the elements they see into one. Sums of floats are kept
 * in `float32` locals, which a target may hold in higher precision.
 */

import { dtypes } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, binary, cast, isLiteral, literal, mul, unary } from '../expr.js';
import type { Expr, ScalarType } from '../loop-ir.js';
import type { ElementType } from './rule.js';
import { magnitude } from './scalar-functions.js';
import { arithmeticType, inFloat, isFloatType } from './scalar-types.js';

export interface Fold {
  /** What the fold of nothing is. */
  init(type: ScalarType): Expr;
  /** What is combined of an element `x`, which is a name or a literal; absent: `x` itself. */
  readonly term?: (x: Expr) => Expr;
  combine(sum: Expr, term: Expr): Expr;
  /** The result, where it is not the sum; `count` is the number of elements, an index. */
  readonly finish?: (sum: Expr, count: Expr) => Expr;
}

const zero = (type: ScalarType): Expr => literal(type, 0);
const square = (x: Expr): Expr => mul(x, x);

export const sumFold: Fold = { init: zero, combine: add };

export const meanFold: Fold = {
  ...sumFold,
  finish: (sum, count) => binary('div', sum, numberOf(count, sum.dtype)),
};

export const productFold: Fold = { init: (type) => literal(type, 1), combine: mul };

export const maxFold: Fold = {
  init: lowest,
  combine: (a, b) => binary(a.dtype === 'bool' ? 'or' : 'max', a, b),
};

export const minFold: Fold = {
  init: highest,
  combine: (a, b) => binary(a.dtype === 'bool' ? 'and' : 'min', a, b),
};

export const sumSquareFold: Fold = { ...sumFold, term: square };

export const logSumFold: Fold = {
  ...sumFold,
  finish: (sum) => inFloat(sum, (x) => unary('log', x)),
};

/** A count as a number of a type. */
function numberOf(count: Expr, type: ScalarType): Expr {
  return isLiteral(count) ? literal(type, count.value) : cast(count, type);
}

/** The p-norm, for p = 1, 2, … */
export function normFold(p: number): Fold {
  if (p === 1) return { ...sumFold, term: magnitude };
  if (p === 2) return { ...sumSquareFold, finish: (sum) => inFloat(sum, (x) => unary('sqrt', x)) };
  return {
    ...sumFold,
    term: (x) => binary('pow', magnitude(x), literal(x.dtype, p)),
    finish: (sum) => inFloat(sum, (x) => binary('pow', x, literal(x.dtype, 1 / p))),
  };
}

/** The least value of a type: what a maximum begins with. */
export function lowest(type: ScalarType): Expr {
  if (type === 'index') return literal('index', -(2 ** 31));
  if (isFloatType(type)) return literal(type, Number.NEGATIVE_INFINITY);
  const { kind, bytes } = dtypes[type];
  return literal(type, kind === 'signed' ? -(1n << BigInt(bytes * 8 - 1)) : 0n);
}

/** The greatest value of a type: what a minimum begins with. */
export function highest(type: ScalarType): Expr {
  if (type === 'index') return literal('index', 2 ** 31 - 1);
  if (isFloatType(type)) return literal(type, Number.POSITIVE_INFINITY);
  const { kind, bytes } = dtypes[type];
  if (kind === 'bool') return literal(type, 1);
  return literal(type, (1n << BigInt(bytes * 8 - (kind === 'signed' ? 1 : 0))) - 1n);
}

/**
 * Writes a fold: `loops` calls `body` once for each element, which `read` gives; returns the result.
 * `count` is the number of elements.
 */
export function writeFold<At>(
  block: Block,
  fold: Fold,
  dtype: ElementType,
  loops: (block: Block, body: (inner: Block, at: At) => void) => void,
  read: (inner: Block, at: At) => Expr,
  count: Expr,
): Expr {
  const type = arithmeticType(dtype);
  const sum = block.local('acc', type, fold.init(type));
  loops(block, (inner, at) => {
    const x = inner.let('x', read(inner, at));
    inner.assign(sum, fold.combine(sum, fold.term?.(x) ?? x));
  });
  return fold.finish?.(sum, count) ?? sum;
}
