/** Gemm and MatMul as contractions: batches of A[M, K] · B[K, N], each through its view. */

import { type Node, optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, index, literal, mul } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { broadcastView, reshapeView, transposeView, type View } from '../view.js';
import { type Matrix, writeProduct } from './matrix-product.js';
import type { KernelContext, LoweringRule } from './rule.js';
import { arithmeticType, isFloatType } from './scalar-types.js';
import { agree, broadcastsFrom, dimsOf, hasTail } from './tails.js';

export const gemmRule: LoweringRule = {
  layout: 'row-major',
  allowsTails: (node) => {
    const depthOf = (attribute: string, plain: number): number =>
      (optionalAttribute(node, attribute, 'int') ?? 0) !== 0 ? 1 - plain : plain;
    const isDeep = hasTail(node, 0, depthOf('transA', 1)) || hasTail(node, 1, depthOf('transB', 0));
    return !isDeep && broadcastsFrom(2)(node);
  },
  kernel: writeGemm,
};

export const matMulRule: LoweringRule = {
  layout: 'row-major',
  allowsTails: (node) => {
    const [a = 0, b = 0, c = 0] = [...node.inputs, ...node.outputs].map(
      (value) => dimsOf(value).length,
    );
    if (hasTail(node, 0, a - 1) || hasTail(node, 1, Math.max(b - 2, 0))) return false;
    const batch = c - Number(a > 1) - Number(b > 1);
    return [a, b].every((rank, input) => batchesBroadcast(node, input, rank - 2, batch));
  },
  kernel: writeMatMul,
};

/** Of the first `own` axes of an input, that those with a tail are axes of the output's `batch`. */
function batchesBroadcast(node: Node, input: number, own: number, batch: number): boolean {
  const from = dimsOf(node.inputs[input]).slice(0, Math.max(own, 0));
  const to = dimsOf(node.outputs[0]).slice(0, batch);
  return from.every((dim, axis) => dim === 1 || agree(dim, to[to.length - from.length + axis]));
}

function writeGemm(context: KernelContext): void {
  const { node } = context;
  const alpha = optionalAttribute(node, 'alpha', 'float') ?? 1;
  const beta = optionalAttribute(node, 'beta', 'float') ?? 1;
  const orient = (input: number, attribute: string): Matrix => {
    const { param, view } = context.memory(input);
    const swapped = (optionalAttribute(node, attribute, 'int') ?? 0) !== 0;
    return { param, view: swapped ? transposeView(view, [1, 0]) : view };
  };
  const b = orient(1, 'transB');
  const data = context.constantData(1);
  const bias = biasReader(context);
  const beginsWithBias = alpha === 1 && beta === 1 && bias.sameForAllRows;
  const type = arithmeticType(context.outputType(0));
  const zero = literal(type, 0);
  if (!isFloatType(type) && !(Number.isInteger(alpha) && Number.isInteger(beta))) {
    context.unsupported('scales integers by a fraction');
  }
  context.name('gemm');
  writeProduct(context, {
    a: orient(0, 'transA'),
    b,
    c: context.destination(0),
    constantB: data && ((k, column) => data[elementAt(b.view, k, column)] ?? 0),
    init: (block, column) => (beginsWithBias ? bias.read(block, index(0), column) : zero),
    finish: (block, row, column, sum) => {
      if (beginsWithBias) return sum;
      const scaled = alpha === 1 ? sum : mul(sum, literal(type, alpha));
      if (!context.has(2)) return scaled;
      const term = bias.read(block, row, column);
      return add(scaled, beta === 1 ? term : mul(term, literal(type, beta)));
    },
  });
}

interface BiasReader {
  readonly sameForAllRows: boolean;
  read(block: Block, row: Expr, column: Expr): Expr;
}

/** Gemm's C: 0-d, per column, per row or whole; zero where it is absent. */
function biasReader(context: KernelContext): BiasReader {
  const zero = literal(arithmeticType(context.outputType(0)), 0);
  if (!context.has(2)) return { sameForAllRows: true, read: () => zero };
  const bias = context.operand(2);
  const rank = bias.dims.length;
  return {
    sameForAllRows: rank < 2 || bias.dims[0] === 1,
    read: (block, row, column) => {
      const at = [row, column].slice(2 - rank);
      return bias.read(
        block,
        at.map((position, i) => (bias.dims[i] === 1 ? index(0) : position)),
      );
    },
  };
}

function writeMatMul(context: KernelContext): void {
  const a = context.memory(0);
  const b = context.memory(1);
  const c = context.destination(0);
  const aView = a.view.dims.length === 1 ? withAxis(a.view, 0) : a.view;
  const bView = b.view.dims.length === 1 ? withAxis(b.view, 1) : b.view;
  const m = aView.dims.at(-2) ?? 1;
  const n = bView.dims.at(-1) ?? 1;
  const batch = c.dims.slice(
    0,
    c.dims.length - Number(a.dims.length > 1) - Number(b.dims.length > 1),
  );
  const spread = (view: View): View =>
    broadcastView(view, [...batch, ...view.dims.slice(-2)]) ??
    context.unsupported('has batches that do not broadcast');
  const cView = reshapeView(c.view, [...batch, m, n]) ?? c.view;
  const data = bView.dims.length === 2 ? context.constantData(1) : undefined;
  context.name('matmul');
  writeProduct(context, {
    a: { param: a.param, view: spread(aView) },
    b: { param: b.param, view: spread(bView) },
    c: { param: c.param, view: cView },
    constantB: data && ((k, column) => data[elementAt(bView, k, column)] ?? 0),
    init: () => literal(arithmeticType(c.dtype), 0),
    finish: (_block, _row, _column, sum) => sum,
  });
}

function elementAt(view: View, row: number, column: number): number {
  const [down = 0, across = 0] = view.strides;
  return row * down + column * across;
}

/** The same elements with an axis of extent 1 more. */
function withAxis(view: View, axis: number): View {
  const insert = (list: readonly number[], value: number): number[] => [
    ...list.slice(0, axis),
    value,
    ...list.slice(axis),
  ];
  return { ...view, dims: insert(view.dims, 1), strides: insert(view.strides, 0) };
}
