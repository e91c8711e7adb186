/**
 * RoiAlign: each bin of a region is the mean, or the largest, of samples in an even grid, each interpolated
 * between the four pixels around it.
 *
 * Source: the RoiAlign operator of the ONNX specification. What is largest there is not a sample but one of
 * the four products of a pixel and its weight.
 */

import { optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, binary, cast, index, literal, mul, select, sub, unary } from '../expr.js';
import type { Expr, ScalarType } from '../loop-ir.js';
import { lowest } from './fold.js';
import { coordinate, maxIndex, minIndex, positionFromData } from './index-math.js';
import type { ElementContext, LoweringRule } from './rule.js';
import { arithmeticType } from './scalar-types.js';
import { hasTail } from './tails.js';

export const roiAlignRule: LoweringRule = {
  allowsTails: (node) => !hasTail(node, 0, 2) && !hasTail(node, 0, 3),
  element: readBin,
};

/** One bin along one axis, in pixels. */
interface Bin {
  readonly start: Expr;
  /** From one sample to the next. */
  readonly step: Expr;
  /** How many samples there are, a float. */
  readonly samples: Expr;
  /** The samples that may lie in the image: from `first` up to `end`, exclusive. */
  readonly first: Expr;
  readonly end: Expr;
  /** Whether that leaves out any. */
  readonly isCut: Expr;
  /** Pixels along the axis. */
  readonly size: number;
}

/** The two pixels around a sample along one axis, and their weights. */
interface Sample {
  readonly positions: readonly [Expr, Expr];
  readonly weights: readonly [Expr, Expr];
  readonly inside: Expr;
}

function readBin(context: ElementContext, block: Block, at: readonly Expr[]): Expr {
  const x = context.operand(0);
  const batches = context.operand(2);
  const region = coordinate(at, 0);
  const type = arithmeticType(x.dtype);
  const takesMean = (optionalAttribute(context.node, 'mode', 'string') ?? 'avg') === 'avg';
  const batch = positionFromData(block, batches.read(block, [region]), context.inputSize(0, 0));
  const rows = binOf(context, block, at, 0);
  const columns = binOf(context, block, at, 1);
  const isCut = binary('or', rows.isCut, columns.isCut);
  const nothing = takesMean ? literal(type, 0) : select(isCut, literal(type, 0), lowest(type));
  const sum = block.local('acc', type, nothing);
  overSamples(block, rows, (outer, i) => {
    const y = sampleOf(outer, rows, i, type);
    overSamples(outer, columns, (inner, j) => {
      const x4 = sampleOf(inner, columns, j, type);
      const inside = inner.let('in', binary('and', y.inside, x4.inside));
      const products = y.positions.flatMap((row, k) =>
        x4.positions.map((column, l) => {
          const pixel = x.read(inner, [batch, coordinate(at, 1), row, column]);
          const weight = mul(y.weights[k] ?? literal(type, 0), x4.weights[l] ?? literal(type, 0));
          return select(inside, mul(pixel, weight), literal(type, 0));
        }),
      );
      const value = products.reduce((a, b) => (takesMean ? add(a, b) : binary('max', a, b)));
      inner.assign(sum, takesMean ? add(sum, value) : binary('max', sum, value));
    });
  });
  const count = mul(rows.samples, columns.samples);
  const some = binary('gt', count, literal(type, 0));
  const value = takesMean ? binary('div', sum, binary('max', count, literal(type, 1))) : sum;
  return select(some, value, literal(type, 0));
}

/** The bin of an output position along height (0) or width (1). */
function binOf(context: ElementContext, block: Block, at: readonly Expr[], axis: 0 | 1): Bin {
  const { node } = context;
  const x = context.operand(0);
  const rois = context.operand(1);
  const type = arithmeticType(x.dtype);
  const number = (value: number): Expr => literal(type, value);
  const attribute = optionalAttribute(node, 'coordinate_transformation_mode', 'string');
  const isHalfPixel = attribute !== 'output_half_pixel';
  const scale = optionalAttribute(node, 'spatial_scale', 'float') ?? 1;
  const written = optionalAttribute(node, 'sampling_ratio', 'int') ?? 0;
  const bins = context.outputDims(0)[axis + 2] ?? 1;
  // A region is x1, y1, x2, y2.
  const corner = (column: number): Expr => {
    const scaled = mul(rois.read(block, [coordinate(at, 0), index(column)]), number(scale));
    return block.let('c', isHalfPixel ? add(scaled, number(-0.5)) : scaled);
  };
  const [first, last] = [corner(1 - axis), corner(3 - axis)];
  const span = sub(last, first);
  const length = block.let('l', isHalfPixel ? span : binary('max', span, number(1)));
  const bin = block.let('l', mul(length, number(1 / bins)));
  const samples = written > 0 ? number(written) : quotientUp(block, length, number(bins));
  const start = block.let('l', add(first, mul(cast(coordinate(at, axis + 2), type), bin)));
  const step = block.let('l', binary('div', bin, binary('max', samples, number(1))));
  const size = x.dims[axis + 2] ?? 1;
  return { start, step, samples, size, ...withinImage(block, { start, step, samples, size }) };
}

/** `a / b` rounded up, at least 0; for targets too whose quotients are off by a few units. */
function quotientUp(block: Block, a: Expr, b: Expr): Expr {
  const one = literal(a.dtype, 1);
  const near = block.let('n', unary('ceil', binary('div', a, b)));
  const less = sub(near, one);
  const least = block.let('n', select(binary('ge', mul(less, b), a), less, near));
  const enough = select(binary('lt', mul(least, b), a), add(least, one), least);
  return block.let('n', binary('max', enough, literal(a.dtype, 0)));
}

/**
 * Which samples are worth a look: no more than the image has room for, however large a region is that comes
 * out of data. A sample too many does no harm.
 */
function withinImage(
  block: Block,
  { start, step, samples, size }: Pick<Bin, 'start' | 'step' | 'samples' | 'size'>,
): Pick<Bin, 'first' | 'end' | 'isCut'> {
  const number = (value: number): Expr => literal(step.dtype, value);
  const sampleAt = (place: number): Expr => binary('div', sub(number(place), start), step);
  const forward = binary('gt', step, number(0));
  const low = binary('max', unary('floor', add(sampleAt(-1), number(-1))), number(0));
  const high = binary('min', unary('ceil', add(sampleAt(size), number(1))), samples);
  const first = block.let('n', cast(select(forward, low, number(0)), 'index'));
  const end = block.let('n', cast(select(forward, high, samples), 'index'));
  const isLess = binary('lt', sub(cast(end, step.dtype), cast(first, step.dtype)), samples);
  return { first, end, isCut: block.let('cut', isLess) };
}

function overSamples(
  block: Block,
  { first, end }: Bin,
  body: (inner: Block, i: Expr) => void,
): void {
  block.for('s', end, body, 1, first);
}

/** A sample at most one pixel outside counts as on the border; one further outside is zero. */
function sampleOf(block: Block, bin: Bin, i: Expr, type: ScalarType): Sample {
  const number = (value: number): Expr => literal(type, value);
  const { start, step, size } = bin;
  const place = block.let('p', add(start, mul(add(cast(i, type), number(0.5)), step)));
  const inside = block.let(
    'in',
    binary('and', binary('ge', place, number(-1)), binary('le', place, number(size))),
  );
  const within = block.let('p', binary('min', binary('max', place, number(0)), number(size - 1)));
  const whole = maxIndex(index(0), minIndex(cast(within, 'index'), index(size - 1)));
  const low = block.let('q', whole);
  const high = block.let('q', minIndex(add(low, index(1)), index(size - 1)));
  const share = block.let('t', sub(within, cast(low, type)));
  return { positions: [low, high], weights: [sub(number(1), share), share], inside };
}
