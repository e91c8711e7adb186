/**
 * The second block of MobileNetV2's second stage, as exporters write it: each convolution without
 * bias, its batch normalisation, its ReLU6 as a Clip, and the residual as an Add.
 *
 * Source: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (2018), tables 1
 * and 2.
 */

import {
  type AttributeLiterals,
  type Graph,
  GraphBuilder,
  seededTensor,
  tensorOf,
  type Value,
} from '@whittle/ir';

const channels = 24;
const expansion = 6;
const size = 56;

/** Before any pass. With `channelsLast`, x and y are [1, H, W, C], as they lie inside of a model. */
export function invertedResidualBlock({ channelsLast = false } = {}): Graph {
  const builder = new GraphBuilder('block');
  const inside = channels * expansion;
  const image = builder.input(
    'x',
    'float32',
    channelsLast ? [1, size, size, channels] : [1, channels, size, size],
  );
  const x = channelsLast ? builder.op('Transpose', [image], { perm: [0, 3, 1, 2] }) : image;
  const expanded = relu6(builder, convNorm(builder, 'expand', x, [inside, channels, 1, 1]));
  const depthwise = { group: inside, pads: [1, 1, 1, 1] };
  const filtered = relu6(
    builder,
    convNorm(builder, 'depthwise', expanded, [inside, 1, 3, 3], depthwise),
  );
  const projected = convNorm(builder, 'project', filtered, [channels, inside, 1, 1]);
  const y = builder.op('Add', [x, projected]);
  builder.output('y', channelsLast ? builder.op('Transpose', [y], { perm: [0, 2, 3, 1] }) : y);
  return builder.build();
}

function convNorm(
  builder: GraphBuilder,
  name: string,
  x: Value,
  filter: readonly number[],
  attributes: AttributeLiterals = {},
): Value {
  const [outputs = 0] = filter;
  const weights = builder.constant(seededTensor('float32', filter, 1));
  const [scale, shift, mean] = [2, 3, 4].map((seed) =>
    builder.constant(seededTensor('float32', [outputs], seed)),
  );
  const variance = builder.constant(tensorOf('float32', [outputs], Array<number>(outputs).fill(1)));
  const convolved = builder.op('Conv', [x, weights], attributes, { name });
  return builder.op('BatchNormalization', [convolved, scale, shift, mean, variance]);
}

function relu6(builder: GraphBuilder, x: Value): Value {
  return builder.op('Clip', [x, builder.scalar('float32', 0), builder.scalar('float32', 6)]);
}
