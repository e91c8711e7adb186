/**
 * Writes batch normalisation that is left as a product and a sum, so that nothing after this pass
 * knows the op.
 *
 *     %y = BatchNormalization(%x, %scale, %bias, %mean, %variance)
 *   →
 *     %m = Mul(%x, %s)                s = scale / sqrt(variance + epsilon)        as [C,1,1]
 *     %y = Add(%m, %t)                t = bias − mean · s                         as [C,1,1]
 *
 * Where the parameters are not constants, s and t are computed by nodes.
 */

import {
  any,
  constant,
  type DType,
  dtypes,
  int64Tensor,
  type Match,
  newTypedArray,
  op,
  type Pass,
  type RewriteRule,
  type Rewriter,
  requiredAttribute,
  rewriteGraph,
  type Tensor,
  tensorFrom,
  type Value,
} from '@whittle/ir';
import { batchNormalizationAffine } from './shared/batch-normalization.js';

const rules: readonly RewriteRule[] = [
  {
    algebra: 'batch_norm(x) → x · s + t, with s and t constant',
    pattern: op(
      'BatchNormalization',
      any('x'),
      constant('scale'),
      constant('bias'),
      constant('mean'),
      constant('variance'),
    ),
    build: (match, rewriter) => {
      const type = match.value('x').type;
      const affine = batchNormalizationAffine({
        scale: match.tensor('scale'),
        bias: match.tensor('bias'),
        mean: match.tensor('mean'),
        variance: match.tensor('variance'),
        epsilon: requiredAttribute(match.root, 'epsilon', 'float'),
      });
      if (!affine || !type || (type.dtype !== 'float32' && type.dtype !== 'float64')) {
        return undefined;
      }
      const channelwise = (values: Float64Array, name: string): Value =>
        rewriter.constant(alongChannels(type.dtype, values, type.dims.length), name);
      const scale = channelwise(affine.scale, match.value('scale').name);
      const shift = channelwise(affine.shift, match.value('bias').name);
      return rewriter.op('Add', [rewriter.op('Mul', [match.value('x'), scale]), shift]);
    },
  },
  {
    algebra: 'batch_norm(x) → x · s + t, with s and t computed',
    pattern: op(
      'BatchNormalization',
      any('x'),
      any('scale'),
      any('bias'),
      any('mean'),
      any('variance'),
    ),
    build: (match, rewriter) => {
      const type = match.value('x').type;
      if (!type) return undefined;
      return computed(match, rewriter, type.dtype, type.dims.length);
    },
  },
];

export const decomposeBatchNormalization: Pass = {
  id: 'decompose-batch-normalization',
  summary: 'Writes batch normalisation as a product and a sum for each channel.',
  run: (graph) => rewriteGraph(graph, rules),
};

/** [C,1,1…], which broadcasts along the channel axis of [N,C,…]; [C] where that axis is the last. */
function alongChannels(dtype: DType, values: Float64Array, rank: number): Tensor {
  const data = newTypedArray(dtype, values.length);
  values.forEach((value, i) => {
    data[i] = value;
  });
  return tensorFrom(dtype, [values.length, ...trailingOnes(rank)], data);
}

/** The parameters are brought to f32 where they are narrower, and what comes of them to x's dtype. */
function computed(match: Match, rewriter: Rewriter, dtype: DType, rank: number): Value {
  const work: DType = dtype === 'float64' ? dtype : 'float32';
  const cast = (value: Value, to: DType): Value =>
    value.type?.dtype === to ? value : rewriter.op('Cast', [value], { to: dtypes[to].code });
  const parameter = (name: string): Value => cast(match.value(name), work);
  const shape = rewriter.constant(int64Tensor([-1, ...trailingOnes(rank)]), 'channelwise');
  const channelwise = (value: Value): Value => rewriter.op('Reshape', [cast(value, dtype), shape]);
  const epsilon = rewriter.scalar(work, requiredAttribute(match.root, 'epsilon', 'float'));
  const deviation = rewriter.op('Sqrt', [rewriter.op('Add', [parameter('variance'), epsilon])]);
  const scale = rewriter.op('Div', [parameter('scale'), deviation]);
  const offset = rewriter.op('Mul', [parameter('mean'), scale]);
  const shift = rewriter.op('Sub', [parameter('bias'), offset]);
  const product = rewriter.op('Mul', [match.value('x'), channelwise(scale)]);
  return rewriter.op('Add', [product, channelwise(shift)]);
}

function trailingOnes(rank: number): readonly number[] {
  return Array<number>(Math.max(rank - 2, 0)).fill(1);
}
