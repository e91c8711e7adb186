/**
 * DepthToSpace and SpaceToDepth: blocks of pixels as channels, and back. Both are a permutation of
 * the axes [n, c, h, row in block, w, column in block]; the loops go over these, so that no index is
 * divided.
 */

import { type Node, optionalAttribute } from '@whittle/ir';
import { add, floordiv, floormod, index, mul } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { axesInMemoryOrder, reshapeView } from '../view.js';
import { origin, overAxes } from './axis-loops.js';
import { coordinate, inputDims } from './index-math.js';
import type { KernelContext, LoweringRule } from './rule.js';

const once = (): 'once' => 'once';

/** A channel and pixel of the larger image, which has fewer channels. */
interface Place {
  readonly n: Expr;
  readonly c: Expr;
  readonly h: Expr;
  readonly row: Expr;
  readonly w: Expr;
  readonly column: Expr;
}

interface Blocks {
  readonly size: number;
  /** Channels of the larger image. */
  readonly channels: number;
  /** The channel counts in the outer part of the smaller image's channels, not in the inner. */
  readonly channelOutside: boolean;
}

function blocksOf(node: Node): Blocks {
  const size = optionalAttribute(node, 'blocksize', 'int') ?? 1;
  const [, channels = 1] = inputDims(node, 0);
  return node.op === 'SpaceToDepth'
    ? { size, channels, channelOutside: false }
    : {
        size,
        channels: channels / (size * size),
        channelOutside: optionalAttribute(node, 'mode', 'string') === 'CRD',
      };
}

/** Where a place is in the image of fewer channels. */
function inLarge({ size }: Blocks, { n, c, h, row, w, column }: Place): Expr[] {
  return [n, c, add(mul(h, index(size)), row), add(mul(w, index(size)), column)];
}

/** Where a place is in the image of fewer pixels. */
function inSmall(blocks: Blocks, { n, c, h, row, w, column }: Place): Expr[] {
  const { size, channels, channelOutside } = blocks;
  const inBlock = add(mul(row, index(size)), column);
  const channel = channelOutside
    ? add(mul(c, index(size * size)), inBlock)
    : add(mul(inBlock, index(channels)), c);
  return [n, channel, h, w];
}

function placeOfLarge({ size }: Blocks, at: readonly Expr[]): Place {
  return {
    n: coordinate(at, 0),
    c: coordinate(at, 1),
    h: floordiv(coordinate(at, 2), size),
    row: floormod(coordinate(at, 2), size),
    w: floordiv(coordinate(at, 3), size),
    column: floormod(coordinate(at, 3), size),
  };
}

function placeOfSmall({ size, channels }: Blocks, at: readonly Expr[]): Place {
  const inBlock = floordiv(coordinate(at, 1), channels);
  return {
    n: coordinate(at, 0),
    c: floormod(coordinate(at, 1), channels),
    h: coordinate(at, 2),
    row: floordiv(inBlock, size),
    w: coordinate(at, 3),
    column: floormod(inBlock, size),
  };
}

const depthToSpace: LoweringRule = {
  reads: once,
  element: (context, block, at) => {
    const blocks = blocksOf(context.node);
    return context.operand(0).read(block, inSmall(blocks, placeOfLarge(blocks, at)));
  },
  kernel: (context) => {
    const { size } = blocksOf(context.node);
    const [n = 1, c = 1, h = 1, w = 1] = context.outputDims(0);
    const extents = [n, c, h / size, size, w / size, size];
    moveBlocks(context, extents, ['n', 'c', 'h', 'row', 'w', 'column']);
  },
};

const spaceToDepth: LoweringRule = {
  reads: once,
  element: (context, block, at) => {
    const blocks = blocksOf(context.node);
    return context.operand(0).read(block, inLarge(blocks, placeOfSmall(blocks, at)));
  },
  kernel: (context) => {
    const { size, channels } = blocksOf(context.node);
    const [n = 1, , h = 1, w = 1] = context.outputDims(0);
    const extents = [n, size, size, channels, h, w];
    moveBlocks(context, extents, ['n', 'row', 'column', 'c', 'h', 'w']);
  },
};

/** Loops over `extents`, into which the output's axes split, and moves the element of each place. */
function moveBlocks(
  context: KernelContext,
  extents: readonly number[],
  axes: readonly (keyof Place)[],
): void {
  const x = context.operand(0);
  const y = context.destination(0);
  const blocks = blocksOf(context.node);
  const split = reshapeView(y.view, extents);
  const order = split === undefined ? extents.map((_, axis) => axis) : axesInMemoryOrder(split);
  const grows = context.node.op === 'DepthToSpace';
  overAxes(context.block, extents, order, origin(extents), (inner, at) => {
    const of = (axis: keyof Place): Expr => coordinate(at, axes.indexOf(axis));
    const place: Place = {
      n: of('n'),
      c: of('c'),
      h: of('h'),
      row: of('row'),
      w: of('w'),
      column: of('column'),
    };
    const [large, small] = [inLarge(blocks, place), inSmall(blocks, place)];
    y.store(inner, grows ? large : small, x.read(inner, grows ? small : large));
  });
}

export const spaceDepthRules: Readonly<Record<string, LoweringRule>> = {
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
};
