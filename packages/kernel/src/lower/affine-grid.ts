/**
 * AffineGrid: the places of all pixels of an image, from -1 to 1 along each axis, under an affine map. The
 * last component of the result, and the columns of the map, have the last axis first.
 */

import { optionalAttribute } from '@whittle/ir';
import { add, cast, index, literal, mul } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { coordinate } from './index-math.js';
import type { LoweringRule } from './rule.js';
import { arithmeticType } from './scalar-types.js';

export const affineGridRule: LoweringRule = {
  element: (context, block, at) => {
    const theta = context.operand(0);
    const type = arithmeticType(theta.dtype);
    const spatial = context.outputDims(0).slice(1, -1);
    const alignsCorners = (optionalAttribute(context.node, 'align_corners', 'int') ?? 0) !== 0;
    const place = (axis: number): Expr => {
      const size = spatial[axis] ?? 1;
      const position = cast(coordinate(at, axis + 1), type);
      // Of an axis of one pixel ONNX does not say where its corner is: at the end, in onnxruntime.
      const [step, first] = alignsCorners
        ? [2 / Math.max(size - 1, 1), size === 1 ? 1 : -1]
        : [2 / size, 1 / size - 1];
      return add(mul(position, literal(type, step)), literal(type, first));
    };
    const entry = (column: number): Expr =>
      theta.read(block, [coordinate(at, 0), at.at(-1) ?? index(0), index(column)]);
    return spatial.reduce<Expr>(
      (sum, _, axis) => add(sum, mul(entry(spatial.length - 1 - axis), place(axis))),
      entry(spatial.length),
    );
  },
};
