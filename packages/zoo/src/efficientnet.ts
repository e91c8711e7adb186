/**
 * EfficientNet-B0: inverted residual blocks that all weigh their channels, with SiLU.
 *
 * Source: Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks"
 * (2019), table 1, as torchvision builds it.
 */

import { dense } from './dense.js';
import { invertedResidual } from './inverted-residual.js';
import { convNormActivation } from './layers.js';
import type { Features, Network } from './network.js';
import { globalAverage } from './pooling.js';

/** The stride is that of a stage's first block; `expansion` is how much wider a block is inside. */
const stages = [
  { expansion: 1, kernel: 3, channels: 16, blocks: 1, stride: 1 },
  { expansion: 6, kernel: 3, channels: 24, blocks: 2, stride: 2 },
  { expansion: 6, kernel: 5, channels: 40, blocks: 2, stride: 2 },
  { expansion: 6, kernel: 3, channels: 80, blocks: 3, stride: 2 },
  { expansion: 6, kernel: 5, channels: 112, blocks: 3, stride: 1 },
  { expansion: 6, kernel: 5, channels: 192, blocks: 4, stride: 2 },
  { expansion: 6, kernel: 3, channels: 320, blocks: 1, stride: 1 },
];

/** Images [N, 3, H, W] to logits [N, classes]. */
export function efficientNetB0(network: Network, image: Features, classes: number): Features {
  const activation = 'silu';
  const stem = { channels: 32, kernel: 3, stride: 2, activation } as const;
  let x = convNormActivation(network, 'stem', image, stem);
  stages.forEach(({ expansion, kernel, channels, blocks, stride }, stage) => {
    for (let i = 0; i < blocks; i++) {
      x = invertedResidual(network, `stage${stage + 1}.${i}`, x, {
        inside: x.channels * expansion,
        channels,
        kernel,
        stride: i === 0 ? stride : 1,
        activation,
        shortcut: 'last',
        squeeze: { channels: x.channels >> 2, activation, gate: 'sigmoid' },
      });
    }
  });
  x = convNormActivation(network, 'head', x, { channels: 1280, activation });
  return dense(network, 'classifier', globalAverage(network, x), classes);
}
