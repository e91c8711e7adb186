/**
 * MaxRoiPool: a region, its corners rounded to whole pixels and both of them in it, is cut into bins that may
 * overlap by a pixel; of each the largest element counts, or 0 where it holds none.
 */

import { optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, binary, cast, floordiv, index, literal, mul, select, sub, unary } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { lowest } from './fold.js';
import { ceildiv, coordinate, maxIndex, minIndex, positionFromData } from './index-math.js';
import type { ElementContext, LoweringRule } from './rule.js';
import { arithmeticType } from './scalar-types.js';
import { hasTail } from './tails.js';

export const maxRoiPoolRule: LoweringRule = {
  allowsTails: (node) => !hasTail(node, 0, 2) && !hasTail(node, 0, 3),
  element: readBin,
};

function readBin(context: ElementContext, block: Block, at: readonly Expr[]): Expr {
  const x = context.operand(0);
  const rois = context.operand(1);
  const type = arithmeticType(x.dtype);
  const image = rois.read(block, [coordinate(at, 0), index(0)]);
  const batch = positionFromData(block, image, context.inputSize(0, 0));
  const [rows, columns] = [spanOf(context, block, at, 0), spanOf(context, block, at, 1)];
  const best = block.local('best', type, lowest(type));
  const found = block.local('found', 'bool', literal('bool', 0));
  block.for(
    'y',
    rows.end,
    (outer, y) =>
      outer.for(
        'x',
        columns.end,
        (inner, column) => {
          const value = x.read(inner, [batch, coordinate(at, 1), y, column]);
          inner.assign(best, binary('max', best, value));
          inner.assign(found, literal('bool', 1));
        },
        1,
        columns.start,
      ),
    1,
    rows.start,
  );
  return select(found, best, literal(type, 0));
}

/** The pixels of a bin along height (0) or width (1), in the image: from `start` up to `end`, exclusive. */
function spanOf(
  context: ElementContext,
  block: Block,
  at: readonly Expr[],
  axis: 0 | 1,
): { readonly start: Expr; readonly end: Expr } {
  const rois = context.operand(1);
  const type = arithmeticType(rois.dtype);
  const number = (value: number): Expr => literal(type, value);
  const scale = optionalAttribute(context.node, 'spatial_scale', 'float') ?? 1;
  const bins = context.outputDims(0)[axis + 2] ?? 1;
  const size = context.inputDims(0)[axis + 2] ?? 1;
  // A region is image, x1, y1, x2, y2. Whole numbers from here on: a quotient might pass one by a hair.
  const corner = (column: number): Expr => {
    const place = mul(rois.read(block, [coordinate(at, 0), index(column)]), number(scale));
    const near = unary('floor', add(place, number(0.5)));
    const kept = binary('min', binary('max', near, number(-farthest)), number(farthest));
    return block.let('c', cast(kept, 'index'));
  };
  const [first, last] = [corner(2 - axis), corner(4 - axis)];
  const length = block.let('l', maxIndex(index(1), sub(add(last, index(1)), first)));
  const inImage = (place: Expr): Expr =>
    block.let('e', maxIndex(index(0), minIndex(add(first, place), index(size))));
  const position = coordinate(at, axis + 2);
  const next = add(position, index(1));
  return {
    start: inImage(floordiv(mul(position, length), bins)),
    end: inImage(ceildiv(mul(next, length), bins)),
  };
}

/** No image has pixels beyond: keeps products of what comes out of data within 31 bits. */
const farthest = 2 ** 18;
