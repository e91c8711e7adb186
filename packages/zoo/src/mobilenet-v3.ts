/**
 * MobileNetV3, large and small: inverted residual blocks, some of which weigh their channels, with
 * ReLU first and hard-swish later.
 *
 * Source: Howard et al., "Searching for MobileNetV3" (2019), tables 1 and 2, as torchvision builds
 * it.
 */

import { activate } from './activations.js';
import { dense } from './dense.js';
import { invertedResidual } from './inverted-residual.js';
import { convNormActivation } from './layers.js';
import type { Features, Network } from './network.js';
import { globalAverage } from './pooling.js';

interface Block {
  readonly kernel: number;
  /** Channels inside. */
  readonly inside: number;
  /** Channels out. */
  readonly channels: number;
  readonly squeeze: boolean;
  readonly activation: 'relu' | 'hard-swish';
  readonly stride: number;
}

const largeBlocks: readonly Block[] = [
  { kernel: 3, inside: 16, channels: 16, squeeze: false, activation: 'relu', stride: 1 },
  { kernel: 3, inside: 64, channels: 24, squeeze: false, activation: 'relu', stride: 2 },
  { kernel: 3, inside: 72, channels: 24, squeeze: false, activation: 'relu', stride: 1 },
  { kernel: 5, inside: 72, channels: 40, squeeze: true, activation: 'relu', stride: 2 },
  { kernel: 5, inside: 120, channels: 40, squeeze: true, activation: 'relu', stride: 1 },
  { kernel: 5, inside: 120, channels: 40, squeeze: true, activation: 'relu', stride: 1 },
  { kernel: 3, inside: 240, channels: 80, squeeze: false, activation: 'hard-swish', stride: 2 },
  { kernel: 3, inside: 200, channels: 80, squeeze: false, activation: 'hard-swish', stride: 1 },
  { kernel: 3, inside: 184, channels: 80, squeeze: false, activation: 'hard-swish', stride: 1 },
  { kernel: 3, inside: 184, channels: 80, squeeze: false, activation: 'hard-swish', stride: 1 },
  { kernel: 3, inside: 480, channels: 112, squeeze: true, activation: 'hard-swish', stride: 1 },
  { kernel: 3, inside: 672, channels: 112, squeeze: true, activation: 'hard-swish', stride: 1 },
  { kernel: 5, inside: 672, channels: 160, squeeze: true, activation: 'hard-swish', stride: 2 },
  { kernel: 5, inside: 960, channels: 160, squeeze: true, activation: 'hard-swish', stride: 1 },
  { kernel: 5, inside: 960, channels: 160, squeeze: true, activation: 'hard-swish', stride: 1 },
];

const smallBlocks: readonly Block[] = [
  { kernel: 3, inside: 16, channels: 16, squeeze: true, activation: 'relu', stride: 2 },
  { kernel: 3, inside: 72, channels: 24, squeeze: false, activation: 'relu', stride: 2 },
  { kernel: 3, inside: 88, channels: 24, squeeze: false, activation: 'relu', stride: 1 },
  { kernel: 5, inside: 96, channels: 40, squeeze: true, activation: 'hard-swish', stride: 2 },
  { kernel: 5, inside: 240, channels: 40, squeeze: true, activation: 'hard-swish', stride: 1 },
  { kernel: 5, inside: 240, channels: 40, squeeze: true, activation: 'hard-swish', stride: 1 },
  { kernel: 5, inside: 120, channels: 48, squeeze: true, activation: 'hard-swish', stride: 1 },
  { kernel: 5, inside: 144, channels: 48, squeeze: true, activation: 'hard-swish', stride: 1 },
  { kernel: 5, inside: 288, channels: 96, squeeze: true, activation: 'hard-swish', stride: 2 },
  { kernel: 5, inside: 576, channels: 96, squeeze: true, activation: 'hard-swish', stride: 1 },
  { kernel: 5, inside: 576, channels: 96, squeeze: true, activation: 'hard-swish', stride: 1 },
];

/** Images [N, 3, H, W] to logits [N, classes]. */
export function mobileNetV3Large(network: Network, image: Features, classes: number): Features {
  const tail = { channels: 960, hidden: 1280, classes };
  return mobileNetV3(network, image, largeBlocks, tail);
}

/** Images [N, 3, H, W] to logits [N, classes]. */
export function mobileNetV3Small(network: Network, image: Features, classes: number): Features {
  const tail = { channels: 576, hidden: 1024, classes };
  return mobileNetV3(network, image, smallBlocks, tail);
}

interface Tail {
  /** Channels of the last image. */
  readonly channels: number;
  /** Outputs of the first dense layer. */
  readonly hidden: number;
  readonly classes: number;
}

function mobileNetV3(
  network: Network,
  image: Features,
  blocks: readonly Block[],
  { channels, hidden, classes }: Tail,
): Features {
  const activation = 'hard-swish';
  const stem = { channels: 16, kernel: 3, stride: 2, activation } as const;
  let x = convNormActivation(network, 'stem', image, stem);
  blocks.forEach(({ squeeze, ...block }, i) => {
    x = invertedResidual(network, `block${i + 1}`, x, {
      ...block,
      shortcut: 'last',
      squeeze: squeeze
        ? { channels: quarterInEights(block.inside), activation: 'relu', gate: 'hard-sigmoid' }
        : undefined,
    });
  });
  x = convNormActivation(network, 'head', x, { channels, activation });
  x = dense(network, 'hidden', globalAverage(network, x), hidden);
  return dense(network, 'classifier', activate(network, 'hidden', x, activation), classes);
}

/** A quarter, rounded to a multiple of 8 that is at least nine tenths of it. */
function quarterInEights(channels: number): number {
  const quarter = channels >> 2;
  const nearest = Math.max(8, ((quarter + 4) >> 3) << 3);
  return nearest < 0.9 * quarter ? nearest + 8 : nearest;
}
