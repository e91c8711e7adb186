import { drawBias, drawFilters } from './convolution-weights.js';
import { momentsOf, normalized } from './distribution.js';
import { type Features, featuresOf, type Network, named } from './network.js';

/** A dense layer with bias: [N, C] to [N, channels]. The weights are [channels, C]. */
export function dense(
  { builder, weights }: Network,
  name: string,
  x: Features,
  channels: number,
): Features {
  const matrix = drawFilters(weights, [channels, x.channels], momentsOf(x.distribution));
  const bias = drawBias(weights, channels);
  const value = builder.op(
    'Gemm',
    [x.value, builder.constant(matrix, `${name}.weight`), builder.constant(bias, `${name}.bias`)],
    { transB: 1 },
    named(name),
  );
  return featuresOf(value, normalized);
}
