/**
 * Layer normalisation out of its parts: (x − μ) / √(σ² + ε) over the last axes, or over the channels
 * of an image, where μ is the mean and σ² the mean of (x − μ)².
 *
 * Source: `layer_norm` in PyTorch's symbolic functions and in Paddle2ONNX; `tf.nn.moments` with
 * `tf.nn.batch_normalization`, of which TensorFlow makes it; the casts of half-precision exports
 * after ONNX Runtime's LayerNormFusion.
 */

import {
  any,
  type DType,
  dimsEqual,
  dtypes,
  type Match,
  type NodePattern,
  node,
  oneOf,
  op,
  type RewriteRule,
  type Rewriter,
  shared,
  type Value,
} from '@whittle/ir';
import {
  alongNormalized,
  channelVector,
  isReadHereOnly,
  type Normalization,
  normalizationOf,
  onesOf,
  type Reads,
} from '../shared/layer-normalization.js';
import { cast, deviations, inverses, quotients } from './layer-normalization-parts.js';
import { productsOf } from './products.js';

const x = any('x');
const scale = any('scale');
const shift = any('shift');
const mean = shared(node('mean', 'ReduceMean', x));
const centred = shared(node('centred', 'Sub', x, mean));
/** In f32, where x is of 16-bit floats. */
const widened = shared(node('widened', 'Cast', centred));
/** tf.nn.moments squares the differences either way round, and nothing else reads them. */
const differences = [centred, shared(node('centred', 'Sub', mean, x))];

export const layerNormalizationRules: readonly RewriteRule[] = [
  ...quotients(centred, deviations(centred), inverses(centred)).map((pattern) =>
    row('(x − μ) / √(σ² + ε) → layer_norm(x)', pattern, { centred: 1, mean: 1 }),
  ),
  ...quotients(widened, deviations(widened), inverses(widened)).map((pattern) =>
    row('wide(x − μ) / √(σ² + ε) → layer_norm(wide(x))', pattern, {
      widened: 1,
      centred: 1,
      mean: 1,
    }),
  ),
  ...quotients(centred, deviations(widened).map(cast), inverses(widened).map(cast)).map((pattern) =>
    row('(x − μ) / narrow(√(σ² + ε)) → layer_norm(x)', pattern, {
      widened: 0,
      centred: 2,
      mean: 1,
    }),
  ),
  ...productsOf(centred, oneOf(...inverses(centred)), scale).map((pattern) =>
    row('(x − μ) · γ · 1/√(σ² + ε) → layer_norm(x; γ)', pattern, { centred: 1, mean: 1 }, 'scale'),
  ),
  ...differences
    .flatMap((d) => inverses(d).map(shared))
    .map((g) =>
      row(
        'x · g + (β − μ · g) → layer_norm(x; β), where g = 1/√(σ² + ε)',
        op('Add', op('Mul', x, g), op('Sub', shift, op('Mul', mean, g))),
        { centred: 0, mean: 2, inverse: 2 },
        'shift',
      ),
    ),
  ...differences
    .map((d) => shared(node('gain', 'Mul', oneOf(...inverses(d)), scale)))
    .map((g) =>
      row(
        'x · g + (β − μ · g) → layer_norm(x; γ, β), where g = γ/√(σ² + ε)',
        op('Add', op('Mul', x, g), op('Sub', shift, op('Mul', mean, g))),
        { centred: 0, mean: 2, gain: 2 },
        'scale',
        'shift',
      ),
    ),
];

function row(
  algebra: string,
  pattern: NodePattern,
  reads: Reads,
  ...affine: readonly ('scale' | 'shift')[]
): RewriteRule {
  return {
    algebra,
    pattern,
    guard: (match, context) => isReadHereOnly(match, reads, context),
    build: (match, rewriter) => {
      const normalization = normalizationOf(match);
      const dtype = resultOf(match);
      if (normalization === undefined || dtype === undefined) return undefined;
      const x = match.value('x');
      const operand = (name: 'scale' | 'shift') =>
        operandOf(match.value(name), x, normalization, rewriter);
      const ones = () => onesOf(dtype, normalization.dims, rewriter);
      const gamma = affine.includes('scale') ? operand('scale') : ones();
      const beta = affine.includes('shift') ? operand('shift') : undefined;
      if (gamma === undefined || (affine.includes('shift') && beta === undefined)) return undefined;
      const input =
        x.type?.dtype === dtype ? x : rewriter.op('Cast', [x], { to: dtypes[dtype].code });
      return normalized(input, [gamma, beta], normalization, rewriter);
    },
  };
}

function operandOf(
  value: Value,
  x: Value,
  { dims, isOverChannels }: Normalization,
  rewriter: Rewriter,
): Value | undefined {
  if (!isOverChannels) return alongNormalized(value, dims, rewriter);
  const vector = channelVector(value, x.type?.dims.length ?? 0, rewriter);
  return vector?.type && dimsEqual(vector.type.dims, dims) ? vector : undefined;
}

/** The op knows the last axes alone, so channels are turned there and back: a view of the image. */
function normalized(
  x: Value,
  operands: readonly (Value | undefined)[],
  { dims, epsilon, isOverChannels }: Normalization,
  rewriter: Rewriter,
): Value {
  const attributes = { axis: -dims.length, epsilon };
  if (!isOverChannels) return rewriter.op('LayerNormalization', [x, ...operands], attributes);
  const rank = x.type?.dims.length ?? 0;
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const [batch = 0, channels = 1, ...pixels] = axes;
  const turned = rewriter.op('Transpose', [x], { perm: [batch, ...pixels, channels] });
  const result = rewriter.op('LayerNormalization', [turned, ...operands], attributes);
  return rewriter.op('Transpose', [result], { perm: [0, rank - 1, ...axes.slice(1, -1)] });
}

/**
 * The dtype of the result, where the parts do not broadcast x to other dims and compute mean and
 * variance in no more than the f32 that the op has for it, and in no less than x is given in.
 */
function resultOf(match: Match): DType | undefined {
  const [x, result] = [match.value('x').type, match.root.outputs[0]?.type];
  const variance = match.node('variance').outputs[0]?.type;
  if (x === undefined || result === undefined || !dimsEqual(x.dims, result.dims)) return undefined;
  const isHeld = [variance?.dtype, result.dtype].every(
    (dtype) => dtype === 'float32' || dtype === x.dtype,
  );
  return isHeld && x.dtype !== 'float64' ? result.dtype : undefined;
}
