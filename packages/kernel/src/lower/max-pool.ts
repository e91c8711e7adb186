/** What MaxPool has of its own: the largest element in lanes, and where in X it is. */

import { optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { binary, cast, index, literal, select, unary } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { lowest } from './fold.js';
import { coordinate, ravel } from './index-math.js';
import { overTaps, poolWindows, tapsWithin } from './pool-windows.js';
import type { ElementContext } from './rule.js';
import { arithmeticType } from './scalar-types.js';

/**
 * The largest element of the window, for targets with vectors: their `max` is eight instructions, most
 * of which see to NaN and the sign of zero. A comparison is one, and NaN is noted beside it.
 */
export function readLargest(context: ElementContext, block: Block, at: readonly Expr[]): Expr {
  const x = context.operand(0);
  const windows = poolWindows(context);
  const taps = windows.map((window, axis) =>
    tapsWithin(block, window, coordinate(at, axis + 2), 0, window.input),
  );
  const best = block.local('best', 'float32', lowest('float32'));
  const unordered = block.local('unordered', 'bool', literal('bool', 0));
  overTaps(block, windows, taps, at, (inner, from) => {
    const value = inner.let('x', x.read(inner, from));
    inner.assign(best, select(binary('gt', value, best), value, best));
    inner.assign(unordered, binary('or', unordered, unary('isnan', value)));
  });
  return select(unordered, literal('float32', Number.NaN), best);
}

/**
 * The row-major position in X of the first largest element of the window, an int64. With
 * `storage_order` 1 the spatial axes count column-major.
 */
export function readMaxIndex(context: ElementContext, block: Block, at: readonly Expr[]): Expr {
  const x = context.operand(0);
  const type = arithmeticType(x.dtype);
  const windows = poolWindows(context);
  const columnMajor = (optionalAttribute(context.node, 'storage_order', 'int') ?? 0) !== 0;
  const taps = windows.map((window, axis) =>
    tapsWithin(block, window, coordinate(at, axis + 2), 0, window.input),
  );
  const position = (from: readonly Expr[]): Expr => {
    if (!columnMajor) return ravel(from, x.dims);
    const flip = <T>(list: readonly T[]): T[] => [...list.slice(0, 2), ...list.slice(2).reverse()];
    return ravel(flip(from), flip(x.dims));
  };
  const best = block.local('best', type, lowest(type));
  const where = block.local('where', 'index', index(-1));
  overTaps(block, windows, taps, at, (inner, from) => {
    const value = inner.let('x', x.read(inner, from));
    const first = binary('lt', where, index(0));
    const larger = inner.let('b', binary('or', first, binary('gt', value, best)));
    inner.assign(where, select(larger, position(from), where));
    inner.assign(best, select(larger, value, best));
  });
  return cast(where, 'int64');
}
