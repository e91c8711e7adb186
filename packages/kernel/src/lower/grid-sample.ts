/**
 * GridSample: for each place in the grid a few pixels and their weights along each axis, found once for
 * all channels. Places count from -1 to 1 over an axis, the last axis first.
 *
 * Source: the GridSample operator of the ONNX specification; cubic convolution is that of Keys.
 */

import { optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, binary, cast, index, literal, mul, select, sub, unary } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { range } from '../schedule/contraction.js';
import { inMemoryOrder, origin, otherAxes, overAxes } from './axis-loops.js';
import { bothHold, coordinate, maxIndex, minIndex } from './index-math.js';
import { keysWeights } from './keys-weights.js';
import type { KernelContext, LoweringRule, Operand } from './rule.js';
import { arithmeticType, isFloatType } from './scalar-types.js';
import { settled } from './settled.js';

export const gridSampleRule: LoweringRule = {
  reads: (_, input) => (input === 1 ? 'once' : 'many'),
  kernel: writeGridSample,
};

interface Sampling {
  readonly mode: string;
  readonly padding: string;
  readonly alignsCorners: boolean;
}

/** A pixel that is read along one axis. */
interface Tap {
  /** In [0, size), wherever the tap is. */
  readonly position: Expr;
  /** Absent where there is one tap only. */
  readonly weight: Expr | undefined;
  /** Whether it counts. */
  readonly inside: Expr;
}

function writeGridSample(context: KernelContext): void {
  const { node, block } = context;
  const x = context.operand(0);
  const y = context.destination(0);
  const sampling: Sampling = {
    mode: optionalAttribute(node, 'mode', 'string') ?? 'linear',
    padding: optionalAttribute(node, 'padding_mode', 'string') ?? 'zeros',
    alignsCorners: (optionalAttribute(node, 'align_corners', 'int') ?? 0) !== 0,
  };
  if (sampling.mode !== 'nearest' && x.dtype === 'bool') {
    context.unsupported('interpolates between truth values');
  }
  const rank = y.dims.length;
  // Taps are written out, so many to the power of the axes.
  if (rank > 5) context.unsupported('samples more than three axes');
  const places = inMemoryOrder(otherAxes(rank, [1]), y);
  overAxes(block, y.dims, places, origin(y.dims), (pixel, at) => {
    const axes = range(rank - 2).map((axis) => tapsAt(context, pixel, sampling, at, axis));
    overAxes(pixel, y.dims, [1], at, (inner, whole) =>
      y.store(inner, whole, sampled(inner, x, axes, whole.slice(0, 2))),
    );
  });
}

/** The taps along a spatial axis for one place of the grid. */
function tapsAt(
  context: KernelContext,
  block: Block,
  sampling: Sampling,
  at: readonly Expr[],
  axis: number,
): readonly Tap[] {
  const x = context.operand(0);
  const grid = context.operand(1);
  const size = x.dims[axis + 2] ?? 1;
  const component = index(x.dims.length - 3 - axis);
  const element = grid.read(block, [coordinate(at, 0), ...at.slice(2), component]);
  const place = block.let('g', settled(grid, element));
  const position = block.let('p', pixelOf(place, size, sampling));
  const weightType = isFloatType(x.dtype) ? arithmeticType(x.dtype) : 'float32';
  const tap = (offset: number, low: Expr, weight: Expr | undefined): Tap =>
    tapOf(
      block,
      block.let('q', plus(low, offset)),
      weight && cast(weight, weightType),
      size,
      sampling,
    );
  if (sampling.mode === 'nearest') return [tap(0, position, undefined)];
  const low = block.let('p', unary('floor', position));
  const share = block.let('t', sub(position, low));
  const weights =
    sampling.mode === 'cubic'
      ? keysWeights(share, -0.75)
      : [sub(literal(share.dtype, 1), share), share];
  const first = sampling.mode === 'cubic' ? -1 : 0;
  return weights.map((weight, i) => tap(first + i, low, block.let('w', weight)));
}

/** The position in pixels, turned back if it is to be. In nearest mode it is whole. */
function pixelOf(place: Expr, size: number, { mode, padding, alignsCorners }: Sampling): Expr {
  const shifted = plus(place, 1);
  const position = alignsCorners
    ? times(times(shifted, 0.5), size - 1)
    : times(plus(times(shifted, size), -1), 0.5);
  const near = mode === 'nearest' ? unary('round', rounded(position)) : position;
  const [low, high] = alignsCorners ? [0, size - 1] : [-0.5, size - 0.5];
  // Past the border the pixel nearest to a tap stands for it, so that the place may stay outside.
  return padding === 'reflection' ? reflected(near, low, high) : near;
}

function tapOf(
  block: Block,
  at: Expr,
  weight: Expr | undefined,
  size: number,
  { padding, alignsCorners }: Sampling,
): Tap {
  const [low, high] = alignsCorners ? [0, size - 1] : [-0.5, size - 0.5];
  const back = padding === 'reflection' ? reflected(at, low, high) : at;
  const whole = block.let('q', cast(back, 'index'));
  const position = block.let('q', maxIndex(index(0), minIndex(whole, index(size - 1))));
  const within = binary('and', not(below(at, 0)), not(above(at, size - 1)));
  const inside = padding === 'zeros' ? block.let('in', within) : literal('bool', 1);
  return { position, weight, inside };
}

/** The sum over all combinations of taps; `from` has the coordinates of image and channel. */
function sampled(
  block: Block,
  x: Operand,
  axes: readonly (readonly Tap[])[],
  from: readonly Expr[],
): Expr {
  const sum = (depth: number, at: readonly Expr[], inside: Expr): Expr => {
    const taps = axes[depth];
    if (taps === undefined) {
      const element = x.read(block, at);
      const kept = select(inside, element, literal(element.dtype, 0));
      return axes[0]?.[0]?.weight === undefined || isFloatType(element.dtype)
        ? kept
        : cast(kept, 'float32');
    }
    return taps
      .map(({ position, weight, inside: isIn }) => {
        const term = sum(depth + 1, [...at, position], bothHold(inside, isIn));
        return weight === undefined ? term : mul(weight, term);
      })
      .reduce(add);
  };
  const value = sum(0, from, literal('bool', 1));
  return isFloatType(x.dtype) ? value : cast(value, x.dtype);
}

/** Turned back at both ends, as often as it takes. */
function reflected(x: Expr, low: number, high: number): Expr {
  const span = high - low;
  if (span <= 0) return literal(x.dtype, 0);
  const from = plus(x, -low);
  const turns = unary('floor', times(from, 1 / (2 * span)));
  const along = sub(from, times(turns, 2 * span));
  return sub(literal(x.dtype, low + span), unary('abs', plus(along, -span)));
}

/** To the dtype, so that digits that a register has beyond it do not decide which pixel is nearest. */
function rounded(x: Expr): Expr {
  return { kind: 'cast', dtype: x.dtype, x };
}

const plus = (x: Expr, value: number): Expr => (value === 0 ? x : add(x, literal(x.dtype, value)));
const times = (x: Expr, value: number): Expr => mul(x, literal(x.dtype, value));
const below = (x: Expr, value: number): Expr => binary('lt', x, literal(x.dtype, value));
const above = (x: Expr, value: number): Expr => binary('gt', x, literal(x.dtype, value));
const not = (x: Expr): Expr => unary('not', x);
