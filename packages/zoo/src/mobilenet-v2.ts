/**
 * MobileNetV2, width 1.0: inverted residual blocks.
 *
 * Source: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (2018), table 2,
 * as torchvision builds it.
 */

import { dense } from './dense.js';
import { invertedResidual } from './inverted-residual.js';
import { convNormActivation } from './layers.js';
import type { Features, Network } from './network.js';
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
export function mobileNetV2(network: Network, image: Features, classes: number): Features {
  const activation = 'relu6';
  const stem = { channels: 32, kernel: 3, stride: 2, activation } as const;
  let x = convNormActivation(network, 'stem', image, stem);
  stages.forEach(({ expansion, channels, blocks, stride }, stage) => {
    for (let i = 0; i < blocks; i++) {
      x = invertedResidual(network, `stage${stage + 1}.${i}`, x, {
        inside: x.channels * expansion,
        channels,
        kernel: 3,
        stride: i === 0 ? stride : 1,
        activation,
        shortcut: 'first',
      });
    }
  });
  x = convNormActivation(network, 'head', x, { channels: 1280, activation });
  return dense(network, 'classifier', globalAverage(network, x), classes);
}
