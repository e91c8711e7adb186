/**
 * A factor and a summand for each channel as the batch normalisation that they came from: engines do
 * it in one sweep. With mean 0, variance 1 and no epsilon it changes no bit of what the two compute.
 */

import {
  any,
  constant,
  elementCount,
  float16ToNumber,
  type Match,
  numbersOf,
  op,
  type Replacement,
  type RewriteRule,
  type Rewriter,
  type Tensor,
  type TensorType,
  typesEqual,
} from '@whittle/ir';
import { scalarTensor } from '../scalar-tensor.js';

export const batchNormalizationRule: RewriteRule = {
  algebra: 'x · s + t by channel → batch_norm(x; s, t, 0, 1)',
  pattern: op('Add', op('Mul', any('x'), constant('scale')), constant('shift')),
  guard: (match) => typesEqual(match.value('x').type, match.root.outputs[0]?.type),
  build,
};

function build(match: Match, rewriter: Rewriter): Replacement | undefined {
  const x = match.value('x');
  const scale = x.type && channelVector(match.tensor('scale'), x.type);
  const shift = x.type && channelVector(match.tensor('shift'), x.type);
  if (scale === undefined || shift === undefined) return undefined;
  // The mean is multiplied by the factor, and 0 · ∞ is no number.
  const decode = scale.dtype === 'float16' ? float16ToNumber : Number;
  if (!numbersOf(scale).every((bits) => Number.isFinite(decode(bits)))) return undefined;
  const filled = (value: number) => repeated(scalarTensor(scale.dtype, value), scale.dims[0] ?? 0);
  const parameters = [
    rewriter.constant(scale, match.value('scale').name),
    rewriter.constant(shift, match.value('shift').name),
    rewriter.constant(filled(0), 'mean'),
    rewriter.constant(filled(1), 'variance'),
  ];
  return rewriter.op('BatchNormalization', [x, ...parameters], { epsilon: 0 });
}

/**
 * A constant that holds one number for each channel of [N, C, …], or one for all of an image's, as
 * [C]; undefined for others.
 */
function channelVector(tensor: Tensor, { dtype, dims }: TensorType): Tensor | undefined {
  const channels = dims[1];
  const isTaken = dtype === 'float32' || dtype === 'float64' || dtype === 'float16';
  if (!isTaken || dims.length < 3 || typeof channels !== 'number') return undefined;
  if (elementCount(tensor.dims) === 1) {
    return dims.length > 3 ? repeated(tensor, channels) : undefined;
  }
  const missing = dims.length - tensor.dims.length;
  const aligned = dims.map((_, axis) => tensor.dims[axis - missing] ?? 1);
  const isByChannel = aligned.every((size, axis) => size === (axis === 1 ? channels : 1));
  return isByChannel ? { ...tensor, dims: [channels] } : undefined;
}

/** One element as a vector of so many. */
function repeated({ dtype, bytes }: Tensor, length: number): Tensor {
  const filled = new Uint8Array(length * bytes.byteLength);
  for (let at = 0; at < filled.length; at += bytes.byteLength) filled.set(bytes, at);
  return { dtype, dims: [length], bytes: filled };
}
