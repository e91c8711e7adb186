/**
 * Matrix products.
 */

import type { Dim } from '../dim.js';
import type { InferContext, OpRecord } from '../op-record.js';
import { broadcastDims, broadcastsTo } from './broadcast.js';
import {
  dimAt,
  requireDType,
  requireRank,
  requireRankAtLeast,
  requireSameDim,
  requireSameDType,
} from './checks.js';
import { checkEpilogue, epilogueAttributes } from './epilogue.js';
import { float, formals, int } from './signature.js';

export const matrixOps: readonly OpRecord[] = [
  {
    name: 'Gemm',
    since: 13,
    summary: 'alpha * A · B + beta * C, A and B transposed on demand, activated',
    inputs: formals('A B C?'),
    outputs: formals('Y'),
    attributes: {
      alpha: float(1),
      beta: float(1),
      transA: int(0),
      transB: int(0),
      ...epilogueAttributes,
    },
    traits: { fusion: 'anchor', epilogue: true },
    infer: (context) => {
      requireDType(context, 0, 'number');
      const dtype = requireSameDType(context, [0, 1, 2]);
      const a = turned(requireRank(context, 0, 2), context.int('transA') !== 0);
      const b = turned(requireRank(context, 1, 2), context.int('transB') !== 0);
      requireSameDim(context, dimAt(context, a, 1), dimAt(context, b, 0), 'inner dims');
      const dims = [dimAt(context, a, 0), dimAt(context, b, 1)];
      if (context.has(2) && broadcastsTo(context.input(2).dims, dims) === false) {
        context.fail('has a C that does not broadcast to the product');
      }
      checkEpilogue(context);
      return [{ dtype, dims }];
    },
  },
  {
    name: 'MatMul',
    since: 13,
    summary: 'products of the matrices in the last two axes, the others broadcast; activated',
    inputs: formals('A B'),
    outputs: formals('Y'),
    attributes: { ...epilogueAttributes },
    traits: { fusion: 'anchor', epilogue: true },
    infer: (context) => {
      requireDType(context, 0, 'number');
      const dtype = requireSameDType(context, [0, 1]);
      const dims = productDims(context, 1);
      checkEpilogue(context);
      return [{ dtype, dims }];
    },
  },
];

/** The dims of the products of the matrices in input 0 with those in another input, inner dims checked. */
export function productDims(context: InferContext, other: number): readonly Dim[] {
  const a = requireRankAtLeast(context, 0, 1);
  const b = requireRankAtLeast(context, other, 1);
  const inner = dimAt(context, b, b.length === 1 ? 0 : b.length - 2);
  requireSameDim(context, dimAt(context, a, a.length - 1), inner, 'inner dims');
  const batch = broadcastDims(context, [a.slice(0, -2), b.slice(0, -2)]);
  const rows = a.slice(-2, -1);
  const columns = b.length === 1 ? [] : b.slice(-1);
  return [...batch, ...rows, ...columns];
}

function turned(dims: readonly Dim[], transposed: boolean): readonly Dim[] {
  return transposed ? dims.toReversed() : dims;
}
