/**
 * ResNet-18: basic blocks of two 3x3 convolutions, each with a shortcut around it.
 *
 * Source: He et al., "Deep Residual Learning for Image Recognition" (2015), table 1, as torchvision
 * builds it.
 */

import type { Value } from '@whittle/ir';

import { type InputStatistics, normal, pooled, rectifiedSum } from './convolution-weights.js';
import { activate, convNormActivation, dense } from './layers.js';
import { channelsOf, type Network, named } from './network.js';
import { globalAverage, maxPool } from './pooling.js';

/** The stride is that of a stage's first block. */
const stages = [
  { channels: 64, blocks: 2, stride: 1 },
  { channels: 128, blocks: 2, stride: 2 },
  { channels: 256, blocks: 2, stride: 2 },
  { channels: 512, blocks: 2, stride: 2 },
];

/** Images [N, 3, H, W] to logits [N, classes]. */
export function resNet18(network: Network, image: Value, classes: number): Value {
  const stem = { channels: 64, kernel: 7, stride: 2, input: normal, activation: 'relu' } as const;
  let x = convNormActivation(network, 'stem', image, stem);
  x = maxPool(network, 'maxpool', x, { kernel: 3, stride: 2, padding: 1 });
  stages.forEach(({ channels, blocks, stride }, stage) => {
    for (let i = 0; i < blocks; i++) {
      const name = `stage${stage + 1}.${i}`;
      const input = stage === 0 && i === 0 ? pooled : rectifiedSum;
      x = basicBlock(network, name, x, { channels, stride: i === 0 ? stride : 1, input });
    }
  });
  return dense(network, 'classifier', globalAverage(network, x), classes);
}

interface BasicBlock {
  readonly channels: number;
  readonly stride: number;
  readonly input: InputStatistics;
}

/** The shortcut is the input itself or, where the dims change, a pointwise convolution of it. */
function basicBlock(
  network: Network,
  name: string,
  x: Value,
  { channels, stride, input }: BasicBlock,
): Value {
  const first = { channels, kernel: 3, stride, input, activation: 'relu' } as const;
  const inner = convNormActivation(network, `${name}.conv1`, x, first);
  const outer = convNormActivation(network, `${name}.conv2`, inner, { channels, kernel: 3 });
  const shortcut =
    stride === 1 && channels === channelsOf(x)
      ? x
      : convNormActivation(network, `${name}.shortcut`, x, { channels, stride, input });
  const sum = network.builder.op('Add', [outer, shortcut], {}, named(`${name}.add`));
  return activate(network, name, sum, 'relu');
}
