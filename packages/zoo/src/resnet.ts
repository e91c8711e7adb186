/**
 * ResNets: blocks of convolutions, each with a shortcut around it. ResNet-18 has blocks of two 3x3
 * convolutions; ResNet-50 narrows by a pointwise one, filters by a 3x3 one, and widens again;
 * ResNeXt-50 does the same with a wider filter of 32 groups.
 *
 * Source: He et al., "Deep Residual Learning for Image Recognition" (2015), table 1, and Xie et al.,
 * "Aggregated Residual Transformations for Deep Neural Networks" (2017), table 1, as torchvision
 * builds them.
 */

import { activate } from './activations.js';
import { dense } from './dense.js';
import { add } from './joins.js';
import { convNormActivation } from './layers.js';
import type { Features, Network } from './network.js';
import { globalAverage, maxPool } from './pooling.js';

interface Architecture {
  /** Channels out of the first stage; each later stage doubles them. */
  readonly channels: number;
  /** Of each stage. Each stage but the first halves the image in its first block. */
  readonly blocks: readonly number[];
  /** What a block computes beside its shortcut. */
  readonly branch: (network: Network, name: string, x: Features, block: Block) => Features;
}

interface Block {
  readonly channels: number;
  readonly stride: number;
}

/** Images [N, 3, H, W] to logits [N, classes]. */
export function resNet18(network: Network, image: Features, classes: number): Features {
  const architecture = { channels: 64, blocks: [2, 2, 2, 2], branch: basicBranch };
  return resNet(network, image, classes, architecture);
}

/** Images [N, 3, H, W] to logits [N, classes]. */
export function resNet50(network: Network, image: Features, classes: number): Features {
  const branch = bottleneckBranch({ narrowing: 4, groups: 1 });
  return resNet(network, image, classes, { channels: 256, blocks: [3, 4, 6, 3], branch });
}

/** ResNeXt-50 32x4d. Images [N, 3, H, W] to logits [N, classes]. */
export function resNeXt50(network: Network, image: Features, classes: number): Features {
  const branch = bottleneckBranch({ narrowing: 2, groups: 32 });
  return resNet(network, image, classes, { channels: 256, blocks: [3, 4, 6, 3], branch });
}

function resNet(
  network: Network,
  image: Features,
  classes: number,
  { channels, blocks, branch }: Architecture,
): Features {
  const stem = { channels: 64, kernel: 7, stride: 2, activation: 'relu' } as const;
  let x = convNormActivation(network, 'stem', image, stem);
  x = maxPool(network, 'maxpool', x, { kernel: 3, stride: 2, padding: 1 });
  blocks.forEach((count, stage) => {
    for (let i = 0; i < count; i++) {
      const name = `stage${stage + 1}.${i}`;
      const block = { channels: channels << stage, stride: i === 0 && stage > 0 ? 2 : 1 };
      const sum = add(
        network,
        `${name}.add`,
        branch(network, name, x, block),
        shortcut(network, name, x, block),
      );
      x = activate(network, name, sum, 'relu');
    }
  });
  return dense(network, 'classifier', globalAverage(network, x), classes);
}

/** The input itself or, where the dims change, a pointwise convolution of it. */
function shortcut(network: Network, name: string, x: Features, block: Block): Features {
  if (block.stride === 1 && block.channels === x.channels) return x;
  return convNormActivation(network, `${name}.shortcut`, x, block);
}

function basicBranch(
  network: Network,
  name: string,
  x: Features,
  { channels, stride }: Block,
): Features {
  const first = { channels, kernel: 3, stride, activation: 'relu' } as const;
  const inner = convNormActivation(network, `${name}.conv1`, x, first);
  return convNormActivation(network, `${name}.conv2`, inner, {
    channels,
    kernel: 3,
  });
}

/** `narrowing` is by how much fewer channels are filtered than come out. */
function bottleneckBranch(shape: {
  readonly narrowing: number;
  readonly groups: number;
}): Architecture['branch'] {
  return (network, name, x, { channels, stride }) => {
    const inside = { channels: channels / shape.narrowing, activation: 'relu' } as const;
    const narrowed = convNormActivation(network, `${name}.conv1`, x, inside);
    const filter = { ...inside, kernel: 3, stride, groups: shape.groups };
    const filtered = convNormActivation(network, `${name}.conv2`, narrowed, filter);
    return convNormActivation(network, `${name}.conv3`, filtered, { channels });
  };
}
