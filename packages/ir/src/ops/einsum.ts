/**
 * Einsum: sums of products by an equation over subscripts, as `bij,bjk->bik`. An ellipsis stands
 * for leading axes that broadcast. Without an arrow the result has the subscripts that occur once,
 * in alphabetical order.
 */

import type { Dim } from '../dim.js';
import type { InferContext, OpRecord } from '../op-record.js';
import { broadcastDims } from './broadcast.js';
import { requireDType, requireSameDim, requireSameDType } from './checks.js';
import { isUnderEllipsis, parseEinsum } from './einsum-equation.js';
import { allAxes } from './shape-operands.js';
import { formals, required, string } from './signature.js';

export const einsumOps: readonly OpRecord[] = [
  {
    name: 'Einsum',
    since: 12,
    summary: 'sums of products of the inputs, by an equation over subscripts',
    inputs: formals('Inputs*'),
    outputs: formals('Output'),
    attributes: { equation: required(string()) },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      requireDType(context, 0, 'number');
      const dtype = requireSameDType(context, allAxes(context.inputCount));
      return [{ dtype, dims: summedDims(context) }];
    },
  },
];

function summedDims(context: InferContext): readonly Dim[] {
  const inputs = allAxes(context.inputCount).map((index) => context.input(index).dims);
  const ranks = inputs.map((dims) => dims.length);
  const { operands, result } = parseEinsum(context.string('equation'), ranks, context.fail);
  const sizes = new Map<string, Dim>();
  operands.forEach((labels, index) => {
    labels.forEach((label, axis) => {
      const dim = inputs[index]?.[axis] ?? 1;
      const known = sizes.get(label);
      sizes.set(label, known === undefined ? dim : sharedSize(context, known, dim, label));
    });
  });
  return result.map((label) => sizes.get(label) ?? 1);
}

/** The size of a label that occurs twice: a dim of 1 repeats. */
function sharedSize(context: InferContext, a: Dim, b: Dim, label: string): Dim {
  if (a === 1) return b;
  if (b === 1) return a;
  if (isUnderEllipsis(label)) return broadcastDims(context, [[a], [b]])[0] ?? a;
  return requireSameDim(context, a, b, `dims of subscript "${label}"`);
}
