/**
 * SqueezeNet 1.1: fire modules, which narrow by a pointwise convolution and widen again by a
 * pointwise and a 3x3 one side by side. It has no batch normalization.
 *
 * Source: Iandola et al., "SqueezeNet" (2016), in its authors' release 1.1, as torchvision builds
 * it.
 */

import type { Value } from '@whittle/ir';

import { type InputStatistics, normal, pooled, rectifiedNormal } from './convolution-weights.js';
import { convActivation } from './layers.js';
import { type Network, named } from './network.js';
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
export function squeezeNet(network: Network, image: Value, classes: number): Value {
  const stem = { channels: 64, kernel: 3, stride: 2, padding: 0, input: normal } as const;
  let x = convActivation(network, 'stem', image, { ...stem, activation: 'relu' });
  stages.forEach((fires, stage) => {
    x = maxPool(network, `pool${stage + 1}`, x, { kernel: 3, stride: 2, ceil: true });
    fires.forEach((fire, i) => {
      x = fireModule(network, `stage${stage + 1}.${i}`, x, {
        ...fire,
        input: i === 0 ? pooled : rectifiedNormal,
      });
    });
  });
  x = convActivation(network, 'classifier', x, { channels: classes, activation: 'relu' });
  return globalAverage(network, x);
}

interface FireModule {
  readonly squeeze: number;
  readonly expand: number;
  readonly input: InputStatistics;
}

function fireModule(
  network: Network,
  name: string,
  x: Value,
  { squeeze, expand, input }: FireModule,
): Value {
  const relu = { activation: 'relu' } as const;
  const first = { ...relu, channels: squeeze, input };
  const narrow = convActivation(network, `${name}.squeeze`, x, first);
  const wide = { ...relu, channels: expand };
  const halves = [
    convActivation(network, `${name}.expand1x1`, narrow, wide),
    convActivation(network, `${name}.expand3x3`, narrow, { ...wide, kernel: 3 }),
  ];
  return network.builder.op('Concat', halves, { axis: 1 }, named(`${name}.concat`));
}
