/** What the schedules of `SeparableConv` for targets with a grid have in common. */

import { type Node, type SeparableShape, separableStages } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, literal } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { range } from '../schedule/contraction.js';
import { applyActivation } from './activation.js';
import { loadFrom, placeIn } from './convolution-shape.js';
import { countOf, inputDims, outputDims } from './index-math.js';
import type { KernelContext } from './rule.js';
import { type Window, windowsOf } from './window.js';

/**
 * A `SeparableConv` as numbers, undefined where it has no tiles for threads: other than two spatial axes,
 * several filters a channel, weights that are computed, or other numbers than `float32`.
 */
export function shapeOfSeparable(node: Node): SeparableShape | undefined {
  const isFloat = node.inputs.every((value) => (value?.type?.dtype ?? 'float32') === 'float32');
  const filters = [1, 2, 6].map((input) => node.inputs[input]);
  const areConstant = filters.every((w) => w === undefined || w.constant !== undefined);
  const { expand, depthwise, pointwise } = separableStages(node);
  const [, channels = 1, rows = 1, columns = 1, ...others] = outputDims(depthwise, 0);
  const [rowWindow, columnWindow] = windowsOfFilter(depthwise);
  if (!isFloat || !areConstant || others.length > 0) return undefined;
  if (rowWindow === undefined || columnWindow === undefined) return undefined;
  if (channels !== inputDims(depthwise, 0)[1]) return undefined;
  return {
    rows,
    columns,
    windows: [rowWindow, columnWindow],
    expandFrom: expand && inputDims(expand, 0)[1],
    channels,
    outputs: pointwise && outputDims(pointwise, 0)[1],
  };
}

/** The inputs of the op that are biases. */
export const biasInput = { depthwise: 3, pointwise: 4, expand: 7 } as const;

export function windowsOfFilter(depthwise: Node): Window[] {
  const kernel = inputDims(depthwise, 1).slice(2);
  return windowsOf(depthwise, inputDims(depthwise, 0), outputDims(depthwise, 0), kernel);
}

/** What the last convolution has summed, with what is added to it, activated. */
export function storeOutput(
  context: KernelContext,
  block: Block,
  stage: Node,
  y: ReturnType<KernelContext['destination']>,
  at: readonly Expr[],
  sum: Expr,
): void {
  const total = context.has(5) ? add(sum, loadFrom(context.memory(5), at)) : sum;
  const value = applyActivation(context.stage(stage, block), block, total);
  block.store(y.param, placeIn(y, at), value);
}

/** The input columns, from the first of a run on, that some tap of some pixel sees. */
export function columnsSeen({ kernel, stride, dilation }: Window, pixels: number): number[] {
  const seen = range(pixels).flatMap((i) =>
    range(kernel).map((tap) => i * stride + tap * dilation),
  );
  return [...new Set(seen)].sort((a, b) => a - b);
}

export function biasOf(context: KernelContext, input: number, block: Block, channel: Expr): Expr {
  return context.has(input)
    ? block.let('i', context.operand(input).read(block, [channel]))
    : literal('float32', 0);
}

/** The parameters that hold packed filters, channels of the output fastest. */
export interface Filters {
  readonly expand: string;
  readonly depthwise: string;
  readonly pointwise: string;
}

/** `[M, K]` as `[K][M]`: what neighbouring threads load lies side by side. */
export function packFilters(context: KernelContext): Filters {
  const pack = (stem: string, input: number): string => {
    const data = context.has(input) ? context.constantData(input) : undefined;
    if (data === undefined) return '';
    const [outputs = 1, ...terms] = context.inputDims(input);
    const depth = countOf(terms);
    return context.packFloats(stem, outputs * depth, (packed) => {
      for (let o = 0; o < outputs; o++) {
        for (let k = 0; k < depth; k++) packed[k * outputs + o] = data[o * depth + k] ?? 0;
      }
    });
  };
  return { expand: pack('we', 6), depthwise: pack('wd', 1), pointwise: pack('wp', 2) };
}
