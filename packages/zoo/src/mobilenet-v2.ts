/**
 * MobileNetV2, width 1.0: inverted residual blocks, which widen by a pointwise convolution, filter
 * by a depthwise one and narrow again without activation.
 *
 * Source: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (2018), table 2,
 * as torchvision builds it.
 */

import type { Value } from '@whittle/ir';

import { normal } from './convolution-weights.js';
import { convNormActivation, dense } from './layers.js';
import { channelsOf, type Network, named } from './network.js';
import { globalAverage } from './pooling.js';

/** The stride is that of a stage's first block; `expansion` is how much wider a block is inside. */
const stages = [
  { expansion: 1, channels: 16, blocks: 1, stride: 1 },
  { expansion: 6, channels: 24, blocks: 2, stride: 2 },
  { expansion: 6, channels: 32, blocks: 3, stride: 2 },
  { expansion: 6, channels: 64, blocks: 4, stride: 2 },
  { expansion: 6, channels: 96, blocks: 3, stride: 1 },
  { expansion: 6, channels: 160, blocks: 3, stride: 2 },
  { expansion: 6, channels: 320, blocks: 1, stride: 1 },
];

/** Images [N, 3, H, W] to logits [N, classes]. */
export function mobileNetV2(network: Network, image: Value, classes: number): Value {
  const stem = { channels: 32, kernel: 3, stride: 2, input: normal, activation: 'relu6' } as const;
  let x = convNormActivation(network, 'stem', image, stem);
  stages.forEach(({ blocks, stride, ...block }, stage) => {
    for (let i = 0; i < blocks; i++) {
      const name = `stage${stage + 1}.${i}`;
      x = invertedResidual(network, name, x, { ...block, stride: i === 0 ? stride : 1 });
    }
  });
  const head = { channels: 1280, input: normal, activation: 'relu6' } as const;
  x = convNormActivation(network, 'head', x, head);
  return dense(network, 'classifier', globalAverage(network, x), classes);
}

interface InvertedResidual {
  readonly expansion: number;
  readonly channels: number;
  readonly stride: number;
}

function invertedResidual(
  network: Network,
  name: string,
  x: Value,
  { expansion, channels, stride }: InvertedResidual,
): Value {
  const inside = channelsOf(x) * expansion;
  const expanded =
    expansion === 1
      ? x
      : convNormActivation(network, `${name}.expand`, x, {
          channels: inside,
          input: normal,
          activation: 'relu6',
        });
  const filtered = convNormActivation(network, `${name}.depthwise`, expanded, {
    channels: inside,
    kernel: 3,
    stride,
    depthwise: true,
    activation: 'relu6',
  });
  const narrowed = convNormActivation(network, `${name}.project`, filtered, { channels });
  if (stride !== 1 || channels !== channelsOf(x)) return narrowed;
  return network.builder.op('Add', [x, narrowed], {}, named(`${name}.add`));
}
