/**
 * ConvTranspose. With stride s and pad p, output o is reached from input i by tap k where
 * o + p = i·s + k·d.
 *
 * - Few phases and constant weights: a convolution for each phase, `transposed-phases.ts`.
 * - Otherwise in gather form: each output pixel sums over the taps that reach it. For d = 1 these are
 *   every s-th tap, so loop bounds say it all.
 */

import { type Node, optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, binary, floordiv, floormod, index, literal, load, mul, sub } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { writeContraction } from '../schedule/contraction.js';
import { nestLoops } from '../schedule/nest-loops.js';
import { forTiles } from '../schedule/nest-tiles.js';
import { applyActivation } from './activation.js';
import {
  bothHold,
  ceildiv,
  compare,
  coordinate,
  countOf,
  inputDims,
  maxIndex,
  minIndex,
  outputDims,
} from './index-math.js';
import type { Demand, Halo, KernelContext, LoweringRule } from './rule.js';
import { arithmeticType } from './scalar-types.js';
import { type Phase, phasesOf, type TransposedShape, writePhases } from './transposed-phases.js';
import { haloOfWindows, type Window, windowsOf } from './window.js';

export const transposedConvolutionRule: LoweringRule = {
  layout: 'channels-last',
  demand: (node, input) => (input === 0 ? inputDemand(node) : undefined),
  kernel: writeTransposedConvolution,
};

function windowsOfNode(node: Node): Window[] {
  return windowsOf(node, inputDims(node, 0), outputDims(node, 0), inputDims(node, 1).slice(2));
}

function phasesOfNode(node: Node): readonly Phase[] | undefined {
  return node.inputs[1]?.constant === undefined ? undefined : phasesOf(windowsOfNode(node));
}

/** Zeros for what the taps of any phase reach outside of the input. */
function inputDemand(node: Node): Demand {
  const halos = (phasesOfNode(node) ?? []).map(({ windows }) => haloOfWindows(windows));
  const largest = (side: keyof Halo): number[] =>
    inputDims(node, 0).map((_, axis) => Math.max(0, ...halos.map((halo) => halo[side][axis] ?? 0)));
  return { layout: 'channels-last', halo: { before: largest('before'), after: largest('after') } };
}

function writeTransposedConvolution(context: KernelContext): void {
  const { node } = context;
  const x = inputDims(node, 0);
  const w = inputDims(node, 1);
  const groups = optionalAttribute(node, 'group', 'int') ?? 1;
  const shape: TransposedShape = {
    windows: windowsOfNode(node),
    groups,
    inputs: (w[0] ?? 1) / groups,
    outputs: w[1] ?? 1,
  };
  const phases = phasesOfNode(node);
  const filter = context.constantData(1);
  if (phases !== undefined && filter !== undefined) writePhases(context, shape, phases, filter);
  else writeGather(context, shape);
  context.name('conv_transpose');
  context.macs(countOf(x) * shape.outputs * countOf(w.slice(2)));
}

function writeGather(context: KernelContext, shape: TransposedShape): void {
  const x = context.memory(0);
  const y = context.destination(0);
  const width = Math.min(context.target.tileColumns, shape.outputs);
  const weights = packWeights(context, shape, width);
  context.block.for('n', y.dims[0] ?? 1, (perImage, n) => {
    perImage.for('g', shape.groups, (perGroup, g) => {
      nestLoops(perGroup, y.dims.slice(2), (perPixel, pixel) => {
        const reach = shape.windows.map((window, axis) =>
          reachOf(perPixel, window, coordinate(pixel, axis)),
        );
        forTiles(perPixel, 'o', shape.outputs, width, (block, { start, count: columns }) => {
          const channel = (column: Expr): Expr =>
            add(mul(g, index(shape.outputs)), add(start, column));
          writeContraction(block, {
            rows: 1,
            columns,
            lanes: context.target.lanes,
            init: (inner, column) =>
              context.has(2)
                ? context.operand(2).read(inner, [channel(column)])
                : literal(arithmeticType(y.dtype), 0),
            reduce: (inner, body) =>
              overReach(inner, reach, [], (perTap, taps) =>
                perTap.for('k', shape.inputs, (deepest, k) =>
                  body(deepest, [...taps.flatMap(({ from, tap }) => [from, tap]), k]),
                ),
              ),
            a: (inner, _, at) => {
              const k = add(mul(g, index(shape.inputs)), at.at(-1) ?? index(0));
              const from = shape.windows.map((_window, axis) => coordinate(at, 2 * axis));
              return x.read(inner, [n, k, ...from]);
            },
            b: (inner, column, at) => {
              const taps = shape.windows.map((_window, axis) => coordinate(at, 2 * axis + 1));
              return weights(inner, { g, start, column, taps, k: at.at(-1) ?? index(0) });
            },
            store: (inner, _, column, sum) =>
              y.store(inner, [n, channel(column), ...pixel], applyActivation(context, inner, sum)),
          });
        });
      });
    });
  });
}

/** A tap and the input position from which it reaches the output. */
interface Reached {
  readonly from: Expr;
  readonly tap: Expr;
}

/** Loops over the taps of one axis that reach an output position. */
type Reach = (block: Block, body: (inner: Block, reached: Reached) => void) => void;

function reachOf(block: Block, window: Window, output: Expr): Reach {
  const { input, kernel, stride, dilation, padBefore } = window;
  const place = block.let('o', add(output, index(padBefore)));
  if (dilation !== 1) return testedReach(window, place);
  // Tap `first + stride · j` reaches from input `last - j`.
  const last = block.let('q', floordiv(place, stride));
  const first = block.let('f', floormod(place, stride));
  const taps = ceildiv(sub(index(kernel), first), stride);
  const start = block.let('t', maxIndex(index(0), sub(last, index(input - 1))));
  const end = block.let('t', minIndex(add(last, index(1)), taps));
  return (outer, body) =>
    outer.for(
      't',
      end,
      (inner, j) => body(inner, { from: sub(last, j), tap: add(first, mul(j, index(stride))) }),
      1,
      start,
    );
}

/** With dilation, taps are tested: the position must be whole and in the input. */
function testedReach({ input, kernel, stride, dilation }: Window, place: Expr): Reach {
  return (outer, body) =>
    outer.for('t', kernel, (inner, tap) => {
      const distance = inner.let('d', sub(place, mul(tap, index(dilation))));
      const from = inner.let('q', floordiv(distance, stride));
      const whole = compare('eq', mul(from, index(stride)), distance);
      const inside = bothHold(binary('ge', distance, index(0)), binary('lt', from, index(input)));
      inner.if(bothHold(whole, inside), (within) => body(within, { from, tap }));
    });
}

function overReach(
  block: Block,
  reach: readonly Reach[],
  reached: readonly Reached[],
  body: (inner: Block, reached: readonly Reached[]) => void,
): void {
  const next = reach[reached.length];
  if (next === undefined) body(block, reached);
  else next(block, (inner, one) => overReach(inner, reach, [...reached, one], body));
}

interface WeightPlace {
  readonly g: Expr;
  readonly start: Expr;
  readonly column: Expr;
  readonly taps: readonly Expr[];
  readonly k: Expr;
}

type ReadWeight = (block: Block, place: WeightPlace) => Expr;

/**
 * Packs `[C, M/g, taps…]` as `[group][panel][tap][input channel][column]`, the order of use, the last
 * panel filled up with zeros. Weights that are computed are read as they lie.
 */
function packWeights(context: KernelContext, shape: TransposedShape, width: number): ReadWeight {
  const { groups, inputs, outputs, windows } = shape;
  const data = context.constantData(1);
  if (data === undefined) {
    const w = context.memory(1);
    return (block, { g, start, column, taps, k }) =>
      w.read(block, [add(mul(g, index(inputs)), k), add(start, column), ...taps]);
  }
  const taps = windows.reduce((product, window) => product * window.kernel, 1);
  const panels = Math.ceil(outputs / width);
  const panelSize = taps * inputs * width;
  const packed = new Float32Array(groups * panels * panelSize);
  for (let channel = 0; channel < groups * inputs; channel++) {
    const g = Math.floor(channel / inputs);
    for (let m = 0; m < outputs; m++) {
      const panel = g * panels + Math.floor(m / width);
      const to = panel * panelSize + (channel % inputs) * width + (m % width);
      for (let tap = 0; tap < taps; tap++) {
        packed[to + tap * inputs * width] = data[(channel * outputs + m) * taps + tap] ?? 0;
      }
    }
  }
  const w = context.pack('w', packed);
  return (_, { g, start, column, taps: at, k }) => {
    const tap = windows.reduce<Expr>(
      (position, window, axis) => add(mul(position, index(window.kernel)), coordinate(at, axis)),
      index(0),
    );
    const panel = add(mul(g, index(panels * panelSize)), mul(start, index(taps * inputs)));
    const row = add(mul(tap, index(inputs)), k);
    return load(w, 'float32', add(add(panel, mul(row, index(width))), column));
  };
}
