/**
 * Conv of every kind on channels-last data whose padding is a halo of zeros.
 *
 * - depthwise (one input channel a group): `schedule/depthwise.ts`;
 * - everything else is a contraction over taps and input channels, one group after another; a
 *   pointwise one runs over all pixels as if they lay on one axis, where memory allows.
 */

import { type Node, optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, index, literal, load, mul } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { forTiles, writeContraction } from '../schedule/contraction.js';
import { nestLoops } from '../schedule/nest-loops.js';
import { planTile } from '../schedule/tile-plan.js';
import { positionOf, reshapeView } from '../view.js';
import { applyActivation } from './activation.js';
import { type Convolution, type Memory, placeIn } from './convolution-shape.js';
import { writeDepthwise } from './depthwise.js';
import type { Demand, KernelContext, LoweringRule } from './rule.js';
import { arithmeticType } from './scalar-types.js';
import { haloOfWindows, inputPosition, windowsOf } from './window.js';

export const convolutionRule: LoweringRule = {
  layout: 'channels-last',
  demand: convolutionDemand,
  kernel: writeConvolution,
};

function convolutionDemand(node: Node, input: number): Demand | undefined {
  if (input !== 0) return undefined;
  const x = boundDimsOf(node, 0);
  const w = boundDimsOf(node, 1);
  const y = node.outputs[0]?.type?.dims as readonly number[];
  const windows = windowsOf(node, x, y, w.slice(2));
  return { layout: 'channels-last', halo: haloOfWindows(windows) };
}

function boundDimsOf(node: Node, input: number): readonly number[] {
  return (node.inputs[input]?.type?.dims ?? []) as readonly number[];
}

function writeConvolution(context: KernelContext): void {
  const x = context.memory(0);
  const w = context.inputDims(1);
  const y = context.destination(0);
  const groups = optionalAttribute(context.node, 'group', 'int') ?? 1;
  const kernel = w.slice(2);
  const windows = windowsOf(context.node, x.dims, y.dims, kernel);
  const residual = context.has(3) ? context.memory(3) : undefined;
  const convolution: Convolution = {
    windows,
    batch: x.dims[0] ?? 1,
    groups,
    inputs: w[1] ?? 1,
    outputs: (w[0] ?? 1) / groups,
    input: x,
    output: y,
    residual,
  };
  const taps = kernel.reduce((product, size) => product * size, 1);
  const pixels = y.dims.slice(2).reduce((product, size) => product * size, 1);
  context.macs(convolution.batch * pixels * (y.dims[1] ?? 1) * taps * convolution.inputs);
  if (convolution.inputs === 1 && groups > 1) writeDepthwise(context, convolution);
  else writeGroups(context, mergePixels(convolution));
}

/** A pointwise convolution over H × W pixels is one over H·W pixels, if both sides are so in memory. */
function mergePixels(convolution: Convolution): Convolution {
  const { windows, input, output, residual } = convolution;
  const isPointwise = windows.every(
    (w) => w.kernel === 1 && w.stride === 1 && w.padBefore === 0 && w.input === w.output,
  );
  if (!isPointwise || windows.length < 2) return convolution;
  const pixels = windows.reduce((product, w) => product * w.output, 1);
  const merge = (tap: Memory): Memory | undefined => {
    const view = reshapeView(tap.view, [...tap.view.dims.slice(0, 2), pixels]);
    return view && { param: tap.param, view };
  };
  const x = merge(input);
  const y = merge(output);
  const r = residual && merge(residual);
  if (x === undefined || y === undefined || (residual && r === undefined)) return convolution;
  const window = { input: pixels, output: pixels, kernel: 1, stride: 1, dilation: 1, padBefore: 0 };
  return { ...convolution, windows: [window], input: x, output: y, residual: r };
}

/** Convolution as a contraction, one group after another. */
export function writeGroups(context: KernelContext, convolution: Convolution): void {
  const { windows, batch, groups, inputs, outputs } = convolution;
  const last = windows[windows.length - 1];
  if (last === undefined) {
    context.unsupported('has no spatial axis');
    return;
  }
  const outer = windows.slice(0, -1);
  const taps = windows.reduce((product, w) => product * w.kernel, 1);
  const plan = planTile(context.target, {
    rows: last.output,
    columns: outputs,
    depth: taps * inputs,
    outerRows: outer.reduce((product, w) => product * w.output, 1),
  });
  const weights = packWeights(context, convolution, taps, plan.columns);
  context.name(
    taps === 1
      ? groups === 1
        ? 'conv_pointwise'
        : 'conv_grouped_pointwise'
      : groups === 1
        ? 'conv'
        : 'conv_grouped',
  );

  context.block.for('n', batch, (perImage, n) => {
    perImage.for('g', groups, (perGroup, g) => {
      const pixelLoops = (
        block: Block,
        body: (inner: Block, pixel: readonly Expr[], count: number) => void,
      ): void =>
        nestLoops(
          block,
          outer.map((w) => w.output),
          (inner, rows) =>
            forTiles(
              inner,
              'p',
              last.output,
              plan.rows,
              (tile, start, count) => body(tile, [...rows, start], count),
              plan.mostRows,
            ),
        );
      const channelLoops = (
        block: Block,
        body: (inner: Block, start: Expr, count: number) => void,
      ): void => forTiles(block, 'o', outputs, plan.columns, body);
      const tile = (
        block: Block,
        pixel: readonly Expr[],
        rows: number,
        start: Expr,
        columns: number,
      ): void =>
        writeTile(context, convolution, weights, block, { n, g, pixel, rows, start, columns });
      if (plan.columnsOutside) {
        channelLoops(perGroup, (b1, start, columns) =>
          pixelLoops(b1, (b2, pixel, rows) => tile(b2, pixel, rows, start, columns)),
        );
      } else {
        pixelLoops(perGroup, (b1, pixel, rows) =>
          channelLoops(b1, (b2, start, columns) => tile(b2, pixel, rows, start, columns)),
        );
      }
    });
  });
}

/** Where one register tile stands: image, group, first pixel, first output channel of the group. */
interface TilePlace {
  readonly n: Expr;
  readonly g: Expr;
  readonly pixel: readonly Expr[];
  readonly rows: number;
  readonly start: Expr;
  readonly columns: number;
}

function writeTile(
  context: KernelContext,
  convolution: Convolution,
  weights: Weights,
  block: Block,
  place: TilePlace,
): void {
  const { windows, inputs, outputs, input, output, residual } = convolution;
  const { n, g, pixel, rows, start, columns } = place;
  const channel = (column: number): Expr => add(mul(g, index(outputs)), add(start, index(column)));
  const pixelAt = (row: number): Expr[] =>
    pixel.map((at, axis) => (axis === pixel.length - 1 ? add(at, index(row)) : at));
  writeContraction(block, {
    rows,
    columns,
    init: (inner, column) =>
      context.has(2)
        ? context.operand(2).read(inner, [channel(column)])
        : literal(arithmeticType(output.view.dtype), 0),
    reduce: (inner, body) =>
      nestLoops(
        inner,
        windows.map((w) => w.kernel),
        (perTap, taps) => perTap.for('k', inputs, (deepest, k) => body(deepest, [...taps, k])),
      ),
    a: (_, row, at) => {
      const spatial = windows.map((window, axis) =>
        inputPosition(window, pixelAt(row)[axis] ?? index(0), at[axis] ?? index(0)),
      );
      const k = at[windows.length] ?? index(0);
      const c = add(mul(g, index(inputs)), k);
      return load(input.param, input.view.dtype, positionOf(input.view, [n, c, ...spatial]));
    },
    b: (inner, column, at) => weights.read(inner, g, start, column, at),
    store: (inner, row, column, sum) => {
      const to = [n, channel(column), ...pixelAt(row)];
      const total =
        residual === undefined
          ? sum
          : add(sum, load(residual.param, residual.view.dtype, positionOf(residual.view, to)));
      inner.store(output.param, placeIn(output, to), applyActivation(context, inner, total));
    },
  });
}

interface Weights {
  /** The weight of output channel `start + column` of group `g` at a tap and input channel. */
  read(block: Block, g: Expr, start: Expr, column: number, at: readonly Expr[]): Expr;
}

/**
 * Packs `[Cout, Cin/g, taps…]` as `[group][panel][tap][input channel][column]`, the order in which
 * the tile reads it, the last panel filled up with zeros. Weights that are computed are read as
 * they lie.
 */
function packWeights(
  context: KernelContext,
  { groups, inputs, outputs, windows, filter }: Convolution,
  taps: number,
  width: number,
): Weights {
  const data = filter ?? context.constantData(1);
  if (data === undefined) {
    const w = context.memory(1);
    return {
      read: (block, g, start, column, at) => {
        const channel = add(mul(g, index(outputs)), add(start, index(column)));
        const k = at[windows.length] ?? index(0);
        return w.read(block, [channel, k, ...at.slice(0, windows.length)]);
      },
    };
  }
  const panels = Math.ceil(outputs / width);
  const depth = taps * inputs;
  const param = context.packFloats('w', groups * panels * depth * width, (packed) => {
    for (let channel = 0; channel < groups * outputs; channel++) {
      const g = Math.floor(channel / outputs);
      const inGroup = channel - g * outputs;
      const panel = g * panels + Math.floor(inGroup / width);
      const column = inGroup % width;
      for (let k = 0; k < inputs; k++) {
        const from = (channel * inputs + k) * taps;
        const to = (panel * depth + k) * width + column;
        for (let tap = 0; tap < taps; tap++) {
          packed[to + tap * inputs * width] = data[from + tap] ?? 0;
        }
      }
    }
  });
  return {
    read: (_, g, start, column, at) => {
      let tap: Expr = index(0);
      windows.forEach((window, axis) => {
        tap = add(mul(tap, index(window.kernel)), at[axis] ?? index(0));
      });
      const k = add(mul(tap, index(inputs)), at[windows.length] ?? index(0));
      const panel = add(mul(g, index(panels * depth * width)), mul(start, index(depth)));
      return load(param, 'float32', add(add(panel, mul(k, index(width))), index(column)));
    },
  };
}
