/**
 * MobileNetV1, width 1.0: a depthwise and a pointwise convolution in turn, padded by TensorFlow's
 * SAME rule, as its authors' code is.
 *
 * Source: Howard et al., "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision
 * Applications" (2017), table 1.
 */

import { dense } from './dense.js';
import { convNormActivation } from './layers.js';
import type { Features, Network } from './network.js';
import { globalAverage } from './pooling.js';

/** Each row repeats one separable convolution; the stride is that of its depthwise half. */
const stages = [
  { channels: 64, blocks: 1, stride: 1 },
  { channels: 128, blocks: 1, stride: 2 },
  { channels: 128, blocks: 1, stride: 1 },
  { channels: 256, blocks: 1, stride: 2 },
  { channels: 256, blocks: 1, stride: 1 },
  { channels: 512, blocks: 1, stride: 2 },
  { channels: 512, blocks: 5, stride: 1 },
  { channels: 1024, blocks: 1, stride: 2 },
  { channels: 1024, blocks: 1, stride: 1 },
];

/** Images [N, 3, H, W] to logits [N, classes]. */
export function mobileNetV1(network: Network, image: Features, classes: number): Features {
  const same = { padding: 'same', activation: 'relu6' } as const;
  const stem = { ...same, channels: 32, kernel: 3, stride: 2 };
  let x = convNormActivation(network, 'stem', image, stem);
  stages.forEach(({ channels, blocks, stride }, stage) => {
    for (let i = 0; i < blocks; i++) {
      const name = `stage${stage + 1}.${i}`;
      const depthwise = { ...same, channels: x.channels, groups: x.channels, kernel: 3, stride };
      x = convNormActivation(network, `${name}.depthwise`, x, depthwise);
      x = convNormActivation(network, `${name}.pointwise`, x, { ...same, channels });
    }
  });
  return dense(network, 'classifier', globalAverage(network, x), classes);
}
