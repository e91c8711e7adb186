/** Resize as a product of axes, each of which reads a few positions by a table of weights. */

import { dtypes, type Node, optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, binary, cast, index, literal, load, mul, select, unary } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { range } from '../schedule/contraction.js';
import { inMemoryOrder } from './axis-loops.js';
import { highest, lowest } from './fold.js';
import { bothHold, inputDims, normalizeAxis, withCoordinate } from './index-math.js';
import { isUnchanged, type ResizeAxis, type ResizeMode, type Taps, tapsOf } from './resize-taps.js';
import type { ElementContext, ElementType, KernelContext, LoweringRule } from './rule.js';
import { arithmeticType, isFloatType } from './scalar-types.js';

export const resizeRule: LoweringRule = { kernel: writeResize };

/** A table of one axis, and the parameters it is read from. */
interface AxisTable {
  readonly taps: Taps;
  readonly positions: string;
  /** Absent where there is one tap of weight 1. */
  readonly weights: string | undefined;
  /** Absent where every coordinate lies inside. */
  readonly inside: string | undefined;
}

/** The taps of one output position along an axis. */
interface Reading {
  readonly axis: number;
  readonly table: AxisTable;
  /** The output position, which is the row of the table. */
  readonly row: Expr;
  /** The row's entries, where sums are written out. */
  readonly taps: readonly Tap[];
}

interface Tap {
  readonly position: Expr;
  readonly weight: Expr;
}

function writeResize(context: KernelContext): void {
  const y = context.destination(0);
  const tables = resizeAxes(context).map((axis) => packTable(context, axis));
  const terms = tables.reduce((product, table) => product * (table?.taps.count ?? 1), 1);
  const isWrittenOut = terms <= mostWrittenOut;
  const order = inMemoryOrder(range(y.dims.length), y);
  const at: Expr[] = y.dims.map(() => index(0));
  const nest = (block: Block, depth: number, readings: readonly Reading[], inside: Expr): void => {
    const axis = order[depth];
    if (axis === undefined) {
      const value = isWrittenOut
        ? interpolated(context, block, at, readings)
        : summedInLoops(context, block, at, readings);
      y.store(block, at, finished(context, value, inside));
      return;
    }
    block.for(`i${axis}`, y.dims[axis] ?? 1, (inner, row) => {
      at[axis] = row;
      const table = tables[axis];
      if (table === undefined) nest(inner, depth + 1, readings, inside);
      else {
        const taps = isWrittenOut
          ? range(table.taps.count).map((tap) => readTap(inner, table, row, index(tap)))
          : [];
        const still = bothHold(inside, isInside(inner, table, row));
        nest(inner, depth + 1, [...readings, { axis, table, row, taps }], still);
      }
    });
  };
  nest(context.block, 0, [], literal('bool', 1));
}

/** Sums of more terms than cubic interpolation of a volume has are loops. */
const mostWrittenOut = 64;

function packTable(context: KernelContext, axis: ResizeAxis): AxisTable | undefined {
  const mode = modeOf(context.node);
  if (axis.output > maxTableRows)
    context.unsupported(`to ${axis.output} positions is not supported`);
  const taps = tapsOf(axis, mode);
  if (isUnchanged(axis, taps)) return undefined;
  const extrapolates =
    mode.coordinates === 'tf_crop_and_resize' && taps.inside.some((flag) => flag === 0);
  return {
    taps,
    positions: context.pack('positions', taps.positions),
    weights: taps.count === 1 ? undefined : context.pack('weights', taps.weights),
    inside: extrapolates ? context.pack('inside', taps.inside) : undefined,
  };
}

/** Tables become part of the constants, and are made while compiling. */
const maxTableRows = 2 ** 20;

function readTap(block: Block, { taps, ...table }: AxisTable, row: Expr, tap: Expr): Tap {
  const entry = add(mul(row, index(taps.count)), tap);
  return {
    position: block.let('q', cast(load(table.positions, 'int32', entry), 'index')),
    weight:
      table.weights === undefined
        ? literal('float32', 1)
        : block.let('w', load(table.weights, 'float32', entry)),
  };
}

function isInside(block: Block, { inside }: AxisTable, position: Expr): Expr {
  if (inside === undefined) return literal('bool', 1);
  return block.let('in', cast(load(inside, 'int32', position), 'bool'));
}

function interpolated(
  context: KernelContext,
  block: Block,
  at: readonly Expr[],
  readings: readonly Reading[],
): Expr {
  const x = context.operand(0);
  const isNearest = readings.every(({ taps }) => taps.length === 1);
  const sum = (depth: number, from: readonly Expr[]): Expr => {
    const reading = readings[depth];
    if (reading === undefined) {
      const element = x.read(block, from);
      return isNearest ? element : weighable(element);
    }
    const terms = reading.taps.map(({ position, weight }) => {
      const term = sum(depth + 1, withCoordinate(from, reading.axis, position));
      return isNearest ? term : mul(term, cast(weight, term.dtype));
    });
    return terms.reduce(add);
  };
  return sum(0, at);
}

function summedInLoops(
  context: KernelContext,
  block: Block,
  at: readonly Expr[],
  readings: readonly Reading[],
): Expr {
  const x = context.operand(0);
  const type = isFloatType(x.dtype) ? arithmeticType(x.dtype) : 'float32';
  const sum = block.local('acc', type, literal(type, 0));
  const walk = (inner: Block, depth: number, from: readonly Expr[], weight: Expr): void => {
    const reading = readings[depth];
    if (reading === undefined) {
      inner.assign(sum, add(sum, mul(weight, weighable(x.read(inner, from)))));
      return;
    }
    inner.for('t', reading.table.taps.count, (deeper, at) => {
      const tap = readTap(deeper, reading.table, reading.row, at);
      const share = deeper.let('w', mul(weight, cast(tap.weight, type)));
      walk(deeper, depth + 1, withCoordinate(from, reading.axis, tap.position), share);
    });
  };
  walk(block, 0, at, literal(type, 1));
  return sum;
}

function weighable(element: Expr): Expr {
  return isFloatType(element.dtype) ? element : cast(element, 'float32');
}

/** The value as an element of the output, or what stands for one that lies outside. */
function finished(context: KernelContext, value: Expr, inside: Expr): Expr {
  const { dtype } = context.operand(0);
  const isFloat = isFloatType(dtype);
  const result = value.dtype === dtype || isFloat ? value : wholeNumber(context, value, dtype);
  const outside = optionalAttribute(context.node, 'extrapolation_value', 'float') ?? 0;
  const fill = isFloat ? literal('float32', outside) : literal(dtype, Math.trunc(outside));
  return select(inside, result, cast(fill, result.dtype));
}

/**
 * As onnxruntime has it, the fraction is dropped, and rounded off where what it comes from is antialiased. Cubic
 * weights may lead out of a narrow dtype, which keeps the nearest number it has.
 */
function wholeNumber(context: KernelContext, value: Expr, dtype: ElementType): Expr {
  const single: Expr = { kind: 'cast', dtype: 'float32', x: value };
  const { antialias, interpolation } = modeOf(context.node);
  const half = literal('float32', 0.5);
  const whole = antialias ? unary('floor', add(single, half)) : single;
  if (interpolation !== 'cubic' || dtypes[dtype].bytes > 2) return cast(whole, dtype);
  const least = cast(lowest(dtype), 'float32');
  const most = cast(highest(dtype), 'float32');
  return cast(binary('min', binary('max', whole, least), most), dtype);
}

function modeOf(node: Node): ResizeMode {
  const text = (name: string): string => optionalAttribute(node, name, 'string') ?? '';
  return {
    interpolation: text('mode'),
    coordinates: text('coordinate_transformation_mode'),
    nearest: text('nearest_mode'),
    cubicCoefficient: optionalAttribute(node, 'cubic_coeff_a', 'float') ?? -0.75,
    excludesOutside: (optionalAttribute(node, 'exclude_outside', 'int') ?? 0) !== 0,
    antialias: (optionalAttribute(node, 'antialias', 'int') ?? 0) !== 0,
  };
}

function resizeAxes(context: ElementContext): ResizeAxis[] {
  const { node } = context;
  const dims = inputDims(node, 0);
  const output = context.outputDims(0);
  const axes = (optionalAttribute(node, 'axes', 'ints') ?? range(dims.length)).map((axis) =>
    normalizeAxis(node, axis, dims.length),
  );
  const scales = given(context, 2) ?? scalesOfSizes(context, axes);
  const roi = given(context, 1) ?? [];
  return dims.map((input, axis) => {
    const at = axes.indexOf(axis);
    return {
      input,
      output: output[axis] ?? input,
      scale: at < 0 ? 1 : (scales[at] ?? 1),
      crop: at < 0 ? [0, 1] : [roi[at] ?? 0, roi[at + axes.length] ?? 1],
    };
  });
}

/** The scales that `sizes` stand for: the ratios, or one for all axes where the aspect is kept. */
function scalesOfSizes(context: ElementContext, axes: readonly number[]): readonly number[] {
  const dims = inputDims(context.node, 0);
  const sizes = context.constants(3);
  const ratios = sizes.map((size, i) => size / (dims[axes[i] ?? 0] ?? 1));
  const policy = optionalAttribute(context.node, 'keep_aspect_ratio_policy', 'string');
  if (policy === 'not_larger') return ratios.map(() => Math.min(...ratios));
  if (policy === 'not_smaller') return ratios.map(() => Math.max(...ratios));
  return ratios;
}

/** An empty tensor is how older models leave an input out. */
function given(context: ElementContext, input: number): readonly number[] | undefined {
  if (!context.has(input) || inputDims(context.node, input).includes(0)) return undefined;
  return context.optionalConstants(input);
}
