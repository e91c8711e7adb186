/** DepthToSpace and SpaceToDepth: blocks of pixels as channels, and back. */

import { optionalAttribute } from '@whittle/ir';
import { add, floordiv, floormod, index, mul } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { inMemoryOrder, origin, overAxes } from './axis-loops.js';
import { coordinate } from './index-math.js';
import type { ElementContext, LoweringRule } from './rule.js';

const once = (): 'once' => 'once';

function blockSize({ node }: ElementContext): number {
  return optionalAttribute(node, 'blocksize', 'int') ?? 1;
}

/** A row or column of the larger image: which pixel of the smaller one, and where in its block. */
interface Place {
  readonly pixel: Expr;
  readonly within: Expr;
}

function channelOf(context: ElementContext, c: Expr, row: Place, column: Place): Expr {
  const size = blockSize(context);
  const inBlock = add(mul(row.within, index(size)), column.within);
  if (optionalAttribute(context.node, 'mode', 'string') === 'CRD') {
    return add(mul(c, index(size * size)), inBlock);
  }
  return add(mul(inBlock, index(context.outputDims(0)[1] ?? 1)), c);
}

/** The loops go over pixels and within blocks, so that no index is divided. */
const depthToSpace: LoweringRule = {
  reads: once,
  element: (context, block, at) => {
    const size = blockSize(context);
    const place = (axis: number): Place => ({
      pixel: floordiv(coordinate(at, axis), size),
      within: floormod(coordinate(at, axis), size),
    });
    const [row, column] = [place(2), place(3)];
    const channel = channelOf(context, coordinate(at, 1), row, column);
    return context.operand(0).read(block, [coordinate(at, 0), channel, row.pixel, column.pixel]);
  },
  kernel: (context) => {
    const size = blockSize(context);
    const x = context.operand(0);
    const y = context.destination(0);
    const [n = 1, c = 1, h = 1, w = 1] = y.dims;
    const extents = [n, c, h / size, size, w / size, size];
    const order = inMemoryOrder([0, 1, 2, 3], y).flatMap((axis) =>
      axis === 2 ? [2, 3] : axis === 3 ? [4, 5] : [axis],
    );
    overAxes(context.block, extents, order, origin(extents), (inner, at) => {
      const row = { pixel: coordinate(at, 2), within: coordinate(at, 3) };
      const column = { pixel: coordinate(at, 4), within: coordinate(at, 5) };
      const place = ({ pixel, within }: Place): Expr => add(mul(pixel, index(size)), within);
      const channel = channelOf(context, coordinate(at, 1), row, column);
      const from = [coordinate(at, 0), channel, row.pixel, column.pixel];
      const to = [coordinate(at, 0), coordinate(at, 1), place(row), place(column)];
      y.store(inner, to, x.read(inner, from));
    });
  },
};

const spaceToDepth: LoweringRule = {
  reads: once,
  element: (context, block, at) => {
    const size = blockSize(context);
    const x = context.operand(0);
    const channels = x.dims[1] ?? 1;
    const inBlock = floordiv(coordinate(at, 1), channels);
    const place = (axis: number, within: Expr): Expr =>
      add(mul(coordinate(at, axis), index(size)), within);
    return x.read(block, [
      coordinate(at, 0),
      floormod(coordinate(at, 1), channels),
      place(2, floordiv(inBlock, size)),
      place(3, floormod(inBlock, size)),
    ]);
  },
};

export const spaceDepthRules: Readonly<Record<string, LoweringRule>> = {
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
};
