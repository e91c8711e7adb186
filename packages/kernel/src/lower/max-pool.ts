/** The second output of MaxPool: where in X the largest element of each window is. */

import { optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { binary, cast, index, select } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { lowest } from './fold.js';
import { coordinate, ravel } from './index-math.js';
import { overTaps, poolWindows, tapsWithin } from './pool-windows.js';
import type { ElementContext } from './rule.js';
import { arithmeticType } from './scalar-types.js';

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
