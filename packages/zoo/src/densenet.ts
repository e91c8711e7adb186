/**
 * DenseNet-121: each layer reads the concatenation of all that came before it in its block and adds
 * a few channels. Batch normalization comes before the convolution, where nothing can fold it.
 *
 * Source: Huang et al., "Densely Connected Convolutional Networks" (2017), table 1, as torchvision
 * builds it.
 */

import { dense } from './dense.js';
import { concatenate } from './joins.js';
import { convNormActivation, convolution, normActivation } from './layers.js';
import type { Features, Network } from './network.js';
import { globalAverage, halveByAverage, maxPool } from './pooling.js';

/** Layers of each block. */
const blocks = [6, 12, 24, 16];

/** Channels that a layer adds. */
const growth = 32;

/** Images [N, 3, H, W] to logits [N, classes]. */
export function denseNet121(network: Network, image: Features, classes: number): Features {
  const stem = { channels: 64, kernel: 7, stride: 2, activation: 'relu' } as const;
  let x = convNormActivation(network, 'stem', image, stem);
  x = maxPool(network, 'maxpool', x, { kernel: 3, stride: 2, padding: 1 });
  blocks.forEach((layers, i) => {
    if (i > 0) x = transition(network, `transition${i}`, x);
    x = denseBlock(network, `block${i + 1}`, x, layers);
  });
  x = normActivation(network, 'head', x, 'relu');
  return dense(network, 'classifier', globalAverage(network, x), classes);
}

/** The first concatenation of a block has one part only; exporters write it all the same. */
function denseBlock(network: Network, name: string, x: Features, layers: number): Features {
  const parts = [x];
  for (let i = 0; i < layers; i++) {
    const layer = `${name}.${i}`;
    const before = concatenate(network, `${layer}.concat`, parts);
    const read = normActivation(network, `${layer}.read`, before, 'relu');
    const bottleneck = { channels: 4 * growth, activation: 'relu' } as const;
    const narrowed = convNormActivation(network, `${layer}.bottleneck`, read, bottleneck);
    const added = { channels: growth, kernel: 3, bias: false };
    parts.push(convolution(network, `${layer}.grow`, narrowed, added));
  }
  return concatenate(network, `${name}.concat`, parts);
}

/** Half the channels, half the rows and columns. */
function transition(network: Network, name: string, x: Features): Features {
  const read = normActivation(network, `${name}.read`, x, 'relu');
  const half = { channels: x.channels / 2, bias: false };
  const narrowed = convolution(network, `${name}.narrow`, read, half);
  return halveByAverage(network, `${name}.pool`, narrowed);
}
