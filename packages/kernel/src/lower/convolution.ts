/**
 * Conv of every kind on channels-last data whose padding is a halo of zeros.
 *
 * - Of 3 × 3 taps, where fewer multiplications save time: `winograd.ts`.
 * - Depthwise (one input channel a group): `depthwise.ts`.
 * - All else is a contraction of each group, `grouped-convolution.ts`; a pointwise one runs over all
 *   pixels as if they lay on one axis, where memory allows.
 */

import { type Node, optionalAttribute } from '@whittle/ir';
import type { Capabilities } from '../schedule/capabilities.js';
import { reshapeView } from '../view.js';
import type { Convolution, Memory } from './convolution-shape.js';
import { writeDepthwise } from './depthwise.js';
import { writeGroups } from './grouped-convolution.js';
import { countOf, inputDims, outputDims } from './index-math.js';
import type { Demand, KernelContext, LoweringRule } from './rule.js';
import { tailsOnlyInBatch } from './tails.js';
import { haloOfWindows, windowsOf } from './window.js';
import { writeWinograd } from './winograd.js';
import { planWinograd, type WinogradPlan, windowsOfTiles } from './winograd-plan.js';

export const convolutionRule: LoweringRule = {
  layout: 'channels-last',
  allowsTails: tailsOnlyInBatch,
  demand: convolutionDemand,
  kernel: writeConvolution,
};

function convolutionDemand(node: Node, input: number, target: Capabilities): Demand | undefined {
  if (input !== 0) return undefined;
  const kernel = inputDims(node, 1).slice(2);
  const windows = windowsOf(node, inputDims(node, 0), outputDims(node, 0), kernel);
  const plan = planOf(node, target);
  const seen = plan === undefined ? windows : windowsOfTiles(windows, plan.side);
  return { layout: 'channels-last', halo: haloOfWindows(seen) };
}

/** How a convolution is computed by Winograd's minimal filtering, if it is. */
function planOf(node: Node, target: Capabilities): WinogradPlan | undefined {
  const [x, w] = node.inputs;
  const ofFloats = x?.type?.dtype === 'float32' && w?.type?.dtype === 'float32';
  if (!ofFloats || w.constant === undefined) return undefined;
  const [outputs = 1, inputs = 1, ...kernel] = inputDims(node, 1);
  const windows = windowsOf(node, inputDims(node, 0), outputDims(node, 0), kernel);
  const groups = optionalAttribute(node, 'group', 'int') ?? 1;
  return planWinograd(target, { windows, groups, inputs, outputs: outputs / groups });
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
  context.macs(countOf(y.dims) * countOf(kernel) * convolution.inputs);
  const plan = planOf(context.node, context.target);
  if (plan === undefined) writeLoops(context, convolution);
  else writeWinograd(context, convolution, plan);
}

/** The loops of one convolution by the schedule of its kind. */
export function writeLoops(context: KernelContext, convolution: Convolution): void {
  if (convolution.inputs === 1 && convolution.groups > 1) writeDepthwise(context, convolution);
  else writeGroups(context, mergePixels(convolution));
}

/** A pointwise convolution over H × W pixels is one over H·W pixels, if both sides are so in memory. */
export function mergePixels(convolution: Convolution): Convolution {
  const { windows, input, output, residual } = convolution;
  const isPointwise = windows.every(
    (w) => w.kernel === 1 && w.stride === 1 && w.padBefore === 0 && w.input === w.output,
  );
  // The rows of a ring wrap around, which pixels on one axis could not.
  if (!isPointwise || windows.length < 2 || input.ring !== undefined) return convolution;
  const pixels = countOf(windows.map((w) => w.output));
  const merge = (memory: Memory): Memory | undefined => {
    const view = reshapeView(memory.view, [...memory.view.dims.slice(0, 2), pixels]);
    return view && { ...memory, view };
  };
  const x = merge(input);
  const y = merge(output);
  const r = residual && merge(residual);
  if (x === undefined || y === undefined || (residual && r === undefined)) return convolution;
  const window = { input: pixels, output: pixels, kernel: 1, stride: 1, dilation: 1, padBefore: 0 };
  return { ...convolution, windows: [window], input: x, output: y, residual: r };
}
