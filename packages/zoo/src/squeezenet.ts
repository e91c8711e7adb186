/**
 * SqueezeNet 1.1: fire modules, which narrow by a pointwise convolution and widen again by a
 * pointwise and a 3x3 one side by side. It has no batch normalization.
 *
 * Source: Iandola et al., "SqueezeNet" (2016), in its authors' release 1.1, as torchvision builds
 * it.
 */

import { concatenate } from './joins.js';
import { convActivation } from './layers.js';
import type { Features, Network } from './network.js';
import { globalAverage, maxPool } from './pooling.js';

/** A fire module puts out `expand` channels from each of its two halves. */
const stages = [
  [
    { squeeze: 16, expand: 64 },
    { squeeze: 16, expand: 64 },
  ],
  [
    { squeeze: 32, expand: 128 },
    { squeeze: 32, expand: 128 },
  ],
  [
    { squeeze: 48, expand: 192 },
    { squeeze: 48, expand: 192 },
    { squeeze: 64, expand: 256 },
    { squeeze: 64, expand: 256 },
  ],
];

/** Images [N, 3, H, W] to scores [N, classes]. */
export function squeezeNet(network: Network, image: Features, classes: number): Features {
  const stem = { channels: 64, kernel: 3, stride: 2, padding: 0 } as const;
  let x = convActivation(network, 'stem', image, { ...stem, activation: 'relu' });
  stages.forEach((fires, stage) => {
    x = maxPool(network, `pool${stage + 1}`, x, { kernel: 3, stride: 2, ceil: true });
    fires.forEach((fire, i) => {
      x = fireModule(network, `stage${stage + 1}.${i}`, x, fire);
    });
  });
  x = convActivation(network, 'classifier', x, { channels: classes, activation: 'relu' });
  return globalAverage(network, x);
}

interface FireModule {
  readonly squeeze: number;
  readonly expand: number;
}

function fireModule(
  network: Network,
  name: string,
  x: Features,
  { squeeze, expand }: FireModule,
): Features {
  const relu = { activation: 'relu' } as const;
  const narrow = convActivation(network, `${name}.squeeze`, x, { ...relu, channels: squeeze });
  const wide = { ...relu, channels: expand };
  const halves = [
    convActivation(network, `${name}.expand1x1`, narrow, wide),
    convActivation(network, `${name}.expand3x3`, narrow, { ...wide, kernel: 3 }),
  ];
  return concatenate(network, `${name}.concat`, halves);
}
