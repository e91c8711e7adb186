/**
 * Products and sums around a MatMul and the sum after it, where the two cannot be one Gemm, which is
 * of matrices only. What follows is by column of w, and what comes before is by row.
 */

import {
  any,
  constant,
  type Match,
  type NodePattern,
  node,
  op,
  optionalAttribute,
  type RewriteRule,
  type Rewriter,
  typesEqual,
  type Value,
} from '@whittle/ir';
import { expandChannels } from '../shared/channels.js';
import { constantLayout, foldIntoWeights } from '../shared/contraction.js';
import { areFinite, floatsOf, negated, reciprocals, roundedTensor } from '../shared/floats.js';
import { weightedInputs } from '../shared/weight-layout.js';

const x = any('x');
const w = constant('w');
const b = constant('b');
const c = constant('c');
const sum = op('Add', node('product', 'MatMul', x, w), b);

export const productAffineRules: readonly RewriteRule[] = [
  scaled('(x · w + b) · c → x · (w·c) + b·c', op('Mul', sum, c), (c) => c),
  scaled('(x · w + b) / c → x · (w/c) + b/c', op('Div', sum, c), reciprocals),
  shifted('(x + c) · w + b → x · w + (b + c·w)', op('Add', x, c), (c) => c),
  shifted('(x − c) · w + b → x · w + (b − c·w)', op('Sub', x, c), negated),
];

function scaled(
  algebra: string,
  pattern: NodePattern,
  scaleOf: (values: Float64Array) => Float64Array,
): RewriteRule {
  return {
    algebra,
    pattern,
    guard: keepsDims,
    build: (match, rewriter) => {
      const values = byColumn(match, 'c');
      const scale = values && scaleOf(values);
      const summands = byColumn(match, 'b')?.map((summand, i) => summand * (scale?.[i] ?? 1));
      if (scale === undefined || summands === undefined) return undefined;
      const product = foldIntoWeights(match.node('product'), { scale }, rewriter);
      return product && sumOf(product, summands, match, rewriter);
    },
  };
}

function shifted(
  algebra: string,
  pattern: NodePattern,
  shiftOf: (values: Float64Array) => Float64Array,
): RewriteRule {
  return {
    algebra,
    pattern: op('Add', node('product', 'MatMul', { ...pattern, capture: 'affine' }, w), b),
    guard: (match) =>
      keepsDims(match) && typesEqual(match.value('x').type, match.node('affine').outputs[0]?.type),
    build: (match, rewriter) => {
      const product = match.node('product');
      const layout = constantLayout(product);
      const weights = floatsOf(match.tensor('w'));
      const summands = byColumn(match, 'b');
      const rank = match.value('x').type?.dims.length ?? 0;
      const values = layout && expandChannels(match.tensor('c'), rank, rank - 1, layout.inputs);
      if (!layout || !weights || !summands || !values || !areFinite(values)) return undefined;
      const raised = weightedInputs(weights, layout, shiftOf(values));
      const inputs = [match.value('x'), match.value('w')];
      const result = rewriter.op('MatMul', inputs, product.attributes, { name: product.name });
      return sumOf(
        result,
        raised.map((r, i) => r + (summands[i] ?? 0)),
        match,
        rewriter,
      );
    },
  };
}

/** The sum must come straight after the product, and nothing may broadcast it to other dims. */
function keepsDims(match: Match): boolean {
  const product = match.node('product');
  const isPlain = optionalAttribute(product, 'activation', 'string') === undefined;
  return isPlain && typesEqual(product.outputs[0]?.type, match.root.outputs[0]?.type);
}

/** A constant's number for each column of the product; undefined where it is not that. */
function byColumn(match: Match, capture: string): Float64Array | undefined {
  const product = match.node('product');
  const rank = product.outputs[0]?.type?.dims.length;
  const columns = constantLayout(product)?.outputs;
  return rank === undefined || columns === undefined
    ? undefined
    : expandChannels(match.tensor(capture), rank, rank - 1, columns);
}

function sumOf(
  product: Value,
  summands: Float64Array,
  match: Match,
  rewriter: Rewriter,
): Value | undefined {
  const weights = floatsOf(match.tensor('w'));
  const tensor = weights && roundedTensor(weights, [summands.length], summands);
  return tensor && rewriter.op('Add', [product, rewriter.constant(tensor, match.value('b').name)]);
}
