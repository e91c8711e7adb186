/**
 * Col2Im: each pixel is the sum over the taps of a block, of the blocks that have the pixel at that tap. Columns
 * are [N, C · taps, blocks].
 */

import { optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, binary, floordiv, index, literal, mul, sub } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { bothHold, compare, coordinate, countOf, ravel } from './index-math.js';
import type { ElementContext, LoweringRule } from './rule.js';
import { arithmeticType } from './scalar-types.js';

export const col2ImRule: LoweringRule = { reads: () => 'once', element: readPixel };

function readPixel(context: ElementContext, block: Block, at: readonly Expr[]): Expr {
  const columns = context.operand(0);
  const taps = context.constants(2);
  const axes = blockAxes(context, taps);
  const counts = axes.map(({ count }) => count);
  const type = arithmeticType(columns.dtype);
  const sum = block.local('acc', type, literal(type, 0));
  const nest = (inner: Block, tap: readonly Expr[], place: readonly Expr[]): void => {
    const axis = axes[tap.length];
    if (axis === undefined) {
      const row = add(mul(coordinate(at, 1), index(countOf(taps))), ravel(tap, taps));
      const element = columns.read(inner, [coordinate(at, 0), row, ravel(place, counts)]);
      inner.assign(sum, add(sum, element));
      return;
    }
    const { size, stride, dilation, pad, count } = axis;
    const position = add(coordinate(at, tap.length + 2), index(pad));
    inner.for('t', size, (deeper, t) => {
      const start = deeper.let('s', sub(position, mul(t, index(dilation))));
      deeper.if(compare('ge', start, index(0)), (after) => {
        const b = after.let('b', floordiv(start, stride));
        const starts =
          stride === 1 ? literal('bool', 1) : binary('eq', mul(b, index(stride)), start);
        after.if(bothHold(starts, compare('lt', b, index(count))), (hit) =>
          nest(hit, [...tap, t], [...place, b]),
        );
      });
    });
  };
  nest(block, [], []);
  return sum;
}

interface BlockAxis {
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  readonly pad: number;
  /** How many blocks lie along the axis. */
  readonly count: number;
}

function blockAxes(context: ElementContext, taps: readonly number[]): readonly BlockAxis[] {
  const { node } = context;
  const image = context.outputDims(0).slice(2);
  const strides = optionalAttribute(node, 'strides', 'ints');
  const dilations = optionalAttribute(node, 'dilations', 'ints');
  const pads = optionalAttribute(node, 'pads', 'ints');
  const axes = taps.map((size, axis) => {
    const [stride, dilation] = [strides?.[axis] ?? 1, dilations?.[axis] ?? 1];
    const [pad, after] = [pads?.[axis] ?? 0, pads?.[axis + taps.length] ?? 0];
    const room = (image[axis] ?? 1) + pad + after - ((size - 1) * dilation + 1);
    return { size, stride, dilation, pad, count: Math.floor(room / stride) + 1 };
  });
  const count = countOf(axes.map((axis) => axis.count));
  if (count !== context.inputDims(0)[2]) {
    context.unsupported(`has ${context.inputDims(0)[2]} blocks where the image has ${count}`);
  }
  return axes;
}
