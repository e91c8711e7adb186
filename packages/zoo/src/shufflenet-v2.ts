/**
 * ShuffleNetV2, width 1.0: each block works on one half of the channels, lays both halves side by
 * side, and shuffles the channels so that the halves meet in the next block.
 *
 * Source: Ma et al., "ShuffleNet V2: Practical Guidelines for Efficient CNN Architecture Design"
 * (2018), table 5 and figure 3, as torchvision builds it.
 */

import { tensorOf } from '@whittle/ir';
import { dense } from './dense.js';
import { concatenate } from './joins.js';
import { convNormActivation } from './layers.js';
import { type Features, featuresOf, type Network, named } from './network.js';
import { imageMean, maxPool } from './pooling.js';

/** The first block of each stage halves the image. */
const stages = [
  { channels: 116, blocks: 4 },
  { channels: 232, blocks: 8 },
  { channels: 464, blocks: 4 },
];

/** Images [N, 3, H, W] to logits [N, classes]. */
export function shuffleNetV2(network: Network, image: Features, classes: number): Features {
  const stem = { channels: 24, kernel: 3, stride: 2, activation: 'relu' } as const;
  let x = convNormActivation(network, 'stem', image, stem);
  x = maxPool(network, 'maxpool', x, { kernel: 3, stride: 2, padding: 1 });
  stages.forEach(({ channels, blocks }, stage) => {
    for (let i = 0; i < blocks; i++) {
      const name = `stage${stage + 2}.${i}`;
      const halves =
        i === 0 ? halvingBranches(network, name, x, channels / 2) : splitBranches(network, name, x);
      x = shuffleChannels(network, name, concatenate(network, `${name}.concat`, halves));
    }
  });
  x = convNormActivation(network, 'head', x, { channels: 1024, activation: 'relu' });
  return dense(network, 'classifier', imageMean(network, x), classes);
}

/** Two branches over all channels, which halve the image and give `channels` each. */
function halvingBranches(
  network: Network,
  name: string,
  x: Features,
  channels: number,
): readonly Features[] {
  const depthwise = { channels: x.channels, groups: x.channels, kernel: 3, stride: 2 };
  const filtered = convNormActivation(network, `${name}.left.depthwise`, x, depthwise);
  const pointwise = { channels, activation: 'relu' } as const;
  return [
    convNormActivation(network, `${name}.left.pointwise`, filtered, pointwise),
    mixFilterMix(network, `${name}.right`, x, { channels, stride: 2 }),
  ];
}

/** The first half of the channels as it is, the second one filtered. */
function splitBranches(network: Network, name: string, x: Features): readonly Features[] {
  const channels = x.channels / 2;
  const sizes = network.builder.constant(
    tensorOf('int64', [2], [channels, channels]),
    `${name}.sizes`,
  );
  const names = [`${name}.left`, `${name}.right`];
  const split = network.builder.node(
    'Split',
    [x.value, sizes],
    { axis: 1 },
    { name: `${name}.split`, outputs: names },
  );
  const [left, right] = split.outputs.map((half) => half && featuresOf(half, x.distribution));
  if (left === undefined || right === undefined) throw new TypeError('A split has two halves.');
  return [left, mixFilterMix(network, `${name}.right`, right, { channels, stride: 1 })];
}

/** A pointwise, a depthwise and a pointwise convolution. */
function mixFilterMix(
  network: Network,
  name: string,
  x: Features,
  { channels, stride }: { readonly channels: number; readonly stride: number },
): Features {
  const pointwise = { channels, activation: 'relu' } as const;
  const mixed = convNormActivation(network, `${name}.mix1`, x, pointwise);
  const depthwise = { channels, groups: channels, kernel: 3, stride };
  const filtered = convNormActivation(network, `${name}.depthwise`, mixed, depthwise);
  return convNormActivation(network, `${name}.mix2`, filtered, pointwise);
}

/** Channel c of the first half and channel c of the second become neighbours. */
function shuffleChannels({ builder }: Network, name: string, x: Features): Features {
  const [batch = 1, channels = 1, ...image] = x.dims;
  const shape = (part: string, dims: readonly number[]) =>
    builder.constant(tensorOf('int64', [dims.length], dims), `${name}.${part}.shape`);
  const halves = builder.op(
    'Reshape',
    [x.value, shape('halves', [batch, 2, channels / 2, ...image])],
    {},
    named(`${name}.halves`),
  );
  const perm = [0, 2, 1, 3, 4];
  const pairs = builder.op('Transpose', [halves], { perm }, named(`${name}.pairs`));
  const shuffled = builder.op(
    'Reshape',
    [pairs, shape('shuffled', x.dims)],
    {},
    named(`${name}.shuffled`),
  );
  return featuresOf(shuffled, x.distribution);
}
