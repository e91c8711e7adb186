/** Resize as a product of axes, each of which reads a few positions by a table of weights. */

import { type Node, optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, cast, index, literal, load, mul, select } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { range } from '../schedule/contraction.js';
import { inMemoryOrder } from './axis-loops.js';
import { bothHold, inputDims, normalizeAxis, withCoordinate } from './index-math.js';
import { isUnchanged, type ResizeAxis, type ResizeMode, type Taps, tapsOf } from './resize-taps.js';
import type { ElementContext, KernelContext, LoweringRule } from './rule.js';
import { isFloatType } from './scalar-types.js';

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
  readonly positions: readonly Expr[];
  readonly weights: readonly Expr[];
}

function writeResize(context: KernelContext): void {
  if ((optionalAttribute(context.node, 'antialias', 'int') ?? 0) !== 0) {
    context.unsupported('with antialias is not supported');
  }
  const y = context.destination(0);
  const tables = resizeAxes(context).map((axis) => packTable(context, axis));
  const order = inMemoryOrder(range(y.dims.length), y);
  const at: Expr[] = y.dims.map(() => index(0));
  const nest = (block: Block, depth: number, readings: readonly Reading[], inside: Expr): void => {
    const axis = order[depth];
    if (axis === undefined) {
      y.store(block, at, interpolated(context, block, at, readings, inside));
      return;
    }
    block.for(`i${axis}`, y.dims[axis] ?? 1, (inner, position) => {
      at[axis] = position;
      const table = tables[axis];
      if (table === undefined) nest(inner, depth + 1, readings, inside);
      else {
        const reading = readTable(inner, axis, table, position);
        const still = bothHold(inside, isInside(inner, table, position));
        nest(inner, depth + 1, [...readings, reading], still);
      }
    });
  };
  nest(context.block, 0, [], literal('bool', 1));
}

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

function readTable(block: Block, axis: number, table: AxisTable, position: Expr): Reading {
  const { taps, weights } = table;
  const entry = (tap: number): Expr => add(mul(position, index(taps.count)), index(tap));
  return {
    axis,
    positions: range(taps.count).map((tap) =>
      block.let('q', cast(load(table.positions, 'int32', entry(tap)), 'index')),
    ),
    weights: range(taps.count).map((tap) =>
      weights === undefined
        ? literal('float32', 1)
        : block.let('w', load(weights, 'float32', entry(tap))),
    ),
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
  inside: Expr,
): Expr {
  const x = context.operand(0);
  const isNearest = readings.every(({ positions }) => positions.length === 1);
  const sum = (depth: number, from: readonly Expr[]): Expr => {
    const reading = readings[depth];
    if (reading === undefined) {
      const element = x.read(block, from);
      return isNearest || isFloatType(element.dtype) ? element : cast(element, 'float32');
    }
    const terms = reading.positions.map((position, tap) => {
      const term = sum(depth + 1, withCoordinate(from, reading.axis, position));
      const weight = reading.weights[tap] ?? literal(term.dtype, 1);
      return isNearest ? term : mul(term, cast(weight, term.dtype));
    });
    return terms.reduce(add);
  };
  const value = sum(0, at);
  const result = value.dtype === x.dtype || isFloatType(x.dtype) ? value : cast(value, x.dtype);
  const outside = optionalAttribute(context.node, 'extrapolation_value', 'float') ?? 0;
  if (inside.kind === 'literal') return result;
  const fill = literal(isFloatType(x.dtype) ? 'float32' : x.dtype, outside);
  return select(inside, result, cast(fill, result.dtype));
}

function modeOf(node: Node): ResizeMode {
  const text = (name: string): string => optionalAttribute(node, name, 'string') ?? '';
  return {
    interpolation: text('mode'),
    coordinates: text('coordinate_transformation_mode'),
    nearest: text('nearest_mode'),
    cubicCoefficient: optionalAttribute(node, 'cubic_coeff_a', 'float') ?? -0.75,
    excludesOutside: (optionalAttribute(node, 'exclude_outside', 'int') ?? 0) !== 0,
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
