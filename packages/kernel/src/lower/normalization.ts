/**
 * Normalisations. Those over a line of elements take two sweeps for mean and variance and one for
 * the result, in any layout.
 */

import { type Node, optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, binary, index, literal, mul, select, sub, unary } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { range } from '../schedule/contraction.js';
import { inMemoryOrder, origin, otherAxes, overAxes } from './axis-loops.js';
import { readBroadcast } from './elementwise.js';
import { type Fold, meanFold, normFold, sumSquareFold, writeFold } from './fold.js';
import {
  coordinate,
  countOf,
  maxIndex,
  minIndex,
  normalizeAxis,
  withCoordinate,
} from './index-math.js';
import type { ElementContext, KernelContext, LoweringRule } from './rule.js';
import { axisOf, hasTail } from './tails.js';

type Body = (inner: Block, at: readonly Expr[]) => void;

/** The elements that are normalised together. */
interface Line {
  readonly block: Block;
  /** The coordinates that they share; 0 on the axes they lie along. */
  readonly at: readonly Expr[];
  readonly count: number;
  sweep(block: Block, body: Body): void;
}

/** Calls `body` for each line along `axes` of input 0. */
function overLines(
  context: KernelContext,
  axes: readonly number[],
  body: (line: Line) => void,
): void {
  const { dims } = context.operand(0);
  const y = context.destination(0);
  const others = inMemoryOrder(otherAxes(dims.length, axes), y);
  const along = inMemoryOrder(axes, y);
  overAxes(context.block, dims, others, origin(dims), (block, at) =>
    body({
      block,
      at,
      count: countOf(axes.map((axis) => dims[axis] ?? 1)),
      sweep: (outer, inside) => overAxes(outer, dims, along, at, inside),
    }),
  );
}

function foldLine(context: KernelContext, line: Line, fold: Fold): Expr {
  const x = context.operand(0);
  const { block, count, sweep } = line;
  const read = (inner: Block, at: readonly Expr[]): Expr => x.read(inner, at);
  return writeFold(block, fold, x.dtype, sweep, read, index(count));
}

interface Moments {
  readonly mean: Expr;
  readonly variance: Expr;
}

function momentsOf(context: KernelContext, line: Line): Moments {
  const mean = line.block.let('mean', foldLine(context, line, meanFold));
  const deviation: Fold = {
    ...meanFold,
    term: (x) => mul(sub(x, mean), sub(x, mean)),
  };
  return { mean, variance: line.block.let('var', foldLine(context, line, deviation)) };
}

function inverseDeviation(context: ElementContext, variance: Expr): Expr {
  const epsilon = optionalAttribute(context.node, 'epsilon', 'float') ?? 1e-5;
  const shifted = add(variance, literal(variance.dtype, epsilon));
  return binary('div', literal(variance.dtype, 1), unary('sqrt', shifted));
}

/** Stores (x - mean) · scale, then `finish`, for each element of a line. */
function storeLine(
  context: KernelContext,
  line: Line,
  mean: Expr,
  scale: Expr,
  finish: (block: Block, x: Expr, at: readonly Expr[]) => Expr = (_, x) => x,
): void {
  const x = context.operand(0);
  const y = context.destination(0);
  line.sweep(line.block, (inner, at) => {
    const centred = mul(sub(x.read(inner, at), mean), scale);
    y.store(inner, at, finish(inner, centred, at));
  });
}

/** No axis from the attribute's on has a tail. */
function linesAreWhole(node: Node): boolean {
  const rank = node.inputs[0]?.type?.dims.length ?? 0;
  return range(rank)
    .slice(axisOf(node, -1))
    .every((axis) => !hasTail(node, 0, axis));
}

function layerNormalization(context: KernelContext): void {
  const { node } = context;
  const rank = context.operand(0).dims.length;
  const first = normalizeAxis(node, optionalAttribute(node, 'axis', 'int') ?? -1, rank);
  const axes = range(rank).slice(first);
  overLines(context, axes, (line) => {
    const { mean, variance } = momentsOf(context, line);
    const inverse = line.block.let('r', inverseDeviation(context, variance));
    storeLine(context, line, mean, inverse, (block, x, at) => {
      const scaled = mul(x, readBroadcast(context.operand(1), block, at));
      return context.has(2) ? add(scaled, readBroadcast(context.operand(2), block, at)) : scaled;
    });
    [mean, inverse].forEach((statistic, i) => {
      if (node.outputs[i + 1] === undefined) return;
      context.destination(i + 1).store(line.block, line.at, statistic);
    });
  });
}

/** The scale and bias of a channel go into one multiplication and one addition. */
function storeChannels(context: KernelContext, line: Line, moments: Moments): void {
  const inverse = line.block.let('r', inverseDeviation(context, moments.variance));
  storeLine(context, line, moments.mean, inverse, (block, x, at) => {
    const channel = [coordinate(at, 1)];
    const scale = context.operand(1).read(block, channel);
    return add(mul(x, scale), context.operand(2).read(block, channel));
  });
}

function instanceNormalization(context: KernelContext): void {
  const axes = range(context.operand(0).dims.length).slice(2);
  overLines(context, axes, (line) => storeChannels(context, line, momentsOf(context, line)));
}

function groupNormalization(context: KernelContext): void {
  const { block, node } = context;
  const { dims } = context.operand(0);
  const groups = optionalAttribute(node, 'num_groups', 'int') ?? 1;
  const size = (dims[1] ?? 1) / groups;
  const inGroup = dims.with(1, size);
  const axes = inMemoryOrder(range(dims.length).slice(1), context.destination(0));
  block.for('n', dims[0] ?? 1, (perImage, n) => {
    perImage.for('g', groups, (perGroup, g) => {
      const first = mul(g, index(size));
      const at = origin(dims).with(0, n);
      const line: Line = {
        block: perGroup,
        at,
        count: countOf(inGroup.slice(1)),
        sweep: (outer, body) =>
          overAxes(outer, inGroup, axes, at, (inner, here) =>
            body(inner, withCoordinate(here, 1, add(first, coordinate(here, 1)))),
          ),
      };
      storeChannels(context, line, momentsOf(context, line));
    });
  });
}

/** (x - mean) / (standard deviation + 1e-9), as the function body in ONNX has it. */
function meanVarianceNormalization(context: KernelContext): void {
  const { node } = context;
  const rank = context.operand(0).dims.length;
  const written = optionalAttribute(node, 'axes', 'ints') ?? [0, 2, 3];
  const axes = written.map((axis) => normalizeAxis(node, axis, rank));
  overLines(context, axes, (line) => {
    const { mean, variance } = momentsOf(context, line);
    const deviation = add(unary('sqrt', variance), literal(variance.dtype, 1e-9));
    const inverse = binary('div', literal(variance.dtype, 1), deviation);
    storeLine(context, line, mean, line.block.let('r', inverse));
  });
}

function lpNormalization(context: KernelContext): void {
  const { node } = context;
  const x = context.operand(0);
  const rank = x.dims.length;
  const axis = normalizeAxis(node, optionalAttribute(node, 'axis', 'int') ?? -1, rank);
  const fold = normFold(optionalAttribute(node, 'p', 'int') ?? 2);
  overLines(context, [axis], (line) => {
    const norm = line.block.let('norm', foldLine(context, line, fold));
    const zero = literal(norm.dtype, 0);
    line.sweep(line.block, (inner, at) => {
      const quotient = binary('div', x.read(inner, at), norm);
      context.destination(0).store(inner, at, select(binary('eq', norm, zero), zero, quotient));
    });
  });
}

function batchNormalization(context: ElementContext, block: Block, at: readonly Expr[]): Expr {
  const channel = [at.length > 1 ? coordinate(at, 1) : index(0)];
  const [scale, bias, mean, variance] = [1, 2, 3, 4].map((input) =>
    context.operand(input).read(block, channel),
  ) as [Expr, Expr, Expr, Expr];
  const centred = sub(context.operand(0).read(block, at), mean);
  return add(mul(mul(centred, inverseDeviation(context, variance)), scale), bias);
}

/** x / (bias + alpha / size · Σ x² over nearby channels) ^ beta. */
function localResponse(context: ElementContext, block: Block, at: readonly Expr[]): Expr {
  const { node } = context;
  const x = context.operand(0);
  const size = optionalAttribute(node, 'size', 'int') ?? 1;
  const alpha = optionalAttribute(node, 'alpha', 'float') ?? 1e-4;
  const beta = optionalAttribute(node, 'beta', 'float') ?? 0.75;
  const bias = optionalAttribute(node, 'bias', 'float') ?? 1;
  const channel = coordinate(at, 1);
  const before = Math.floor((size - 1) / 2);
  const start = block.let('t', maxIndex(index(0), add(channel, index(-before))));
  const end = block.let('t', minIndex(index(x.dims[1] ?? 1), add(channel, index(size - before))));
  const squares = writeFold(
    block,
    sumSquareFold,
    x.dtype,
    (outer, body: Body) =>
      outer.for('c', end, (inner, c) => body(inner, withCoordinate(at, 1, c)), 1, start),
    (inner, here) => x.read(inner, here),
    index(1),
  );
  const scaled = mul(squares, literal(squares.dtype, alpha / size));
  const base = add(scaled, literal(squares.dtype, bias));
  return binary('div', x.read(block, at), binary('pow', base, literal(base.dtype, beta)));
}

export const normalizationRules: Readonly<Record<string, LoweringRule>> = {
  BatchNormalization: {
    reads: (_, input) => (input === 0 ? 'once' : 'many'),
    element: batchNormalization,
  },
  LayerNormalization: { allowsTails: linesAreWhole, kernel: layerNormalization },
  InstanceNormalization: { kernel: instanceNormalization },
  GroupNormalization: { kernel: groupNormalization },
  MeanVarianceNormalization: { kernel: meanVarianceNormalization },
  LpNormalization: { kernel: lpNormalization },
  LRN: { element: localResponse },
};
