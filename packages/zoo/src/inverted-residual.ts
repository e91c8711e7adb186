/**
 * The block that mobile networks share: widen by a pointwise convolution, filter by a depthwise
 * one, weigh the channels, narrow by a pointwise convolution without activation.
 *
 * Source: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (2018), with the
 * weighing of Hu et al., "Squeeze-and-Excitation Networks" (2018).
 */

import { type Activation, activate } from './activations.js';
import { add, multiply } from './joins.js';
import { convNormActivation, convolution } from './layers.js';
import type { Features, Network } from './network.js';
import { globalPool } from './pooling.js';

export interface InvertedResidual {
  /** Channels inside; where the input has as many, it is not widened. */
  readonly inside: number;
  /** Channels out. */
  readonly channels: number;
  /** Of the depthwise convolution. */
  readonly kernel: number;
  /** Of the depthwise convolution. */
  readonly stride: number;
  readonly activation: Activation;
  /** Where the input stands in the sum with what the block computes, if the dims allow a sum. */
  readonly shortcut: 'first' | 'last';
  /** Default: channels are not weighed. */
  readonly squeeze?: SqueezeExcite | undefined;
}

interface SqueezeExcite {
  /** Channels between the two pointwise convolutions. */
  readonly channels: number;
  readonly activation: Activation;
  /** What makes weights between 0 and 1. */
  readonly gate: Activation;
}

export function invertedResidual(
  network: Network,
  name: string,
  x: Features,
  { inside, channels, kernel, stride, activation, shortcut, squeeze }: InvertedResidual,
): Features {
  const widened =
    inside === x.channels
      ? x
      : convNormActivation(network, `${name}.expand`, x, { channels: inside, activation });
  const depthwise = { channels: inside, groups: inside, kernel, stride, activation };
  const filtered = convNormActivation(network, `${name}.depthwise`, widened, depthwise);
  const weighed =
    squeeze === undefined ? filtered : squeezeExcite(network, `${name}.se`, filtered, squeeze);
  const narrowed = convNormActivation(network, `${name}.project`, weighed, { channels });
  if (stride !== 1 || channels !== x.channels) return narrowed;
  const [left, right] = shortcut === 'first' ? [x, narrowed] : [narrowed, x];
  return add(network, `${name}.add`, left, right);
}

/** Weighs each channel by a number that depends on the means of all channels. */
function squeezeExcite(
  network: Network,
  name: string,
  x: Features,
  { channels, activation, gate }: SqueezeExcite,
): Features {
  const means = globalPool(network, `${name}.pool`, x);
  const narrowed = convolution(network, `${name}.fc1`, means, { channels, bias: true });
  const squeezed = activate(network, `${name}.fc1`, narrowed, activation);
  const widened = { channels: x.channels, bias: true };
  const excited = convolution(network, `${name}.fc2`, squeezed, widened);
  const weights = activate(network, `${name}.fc2`, excited, gate);
  return multiply(network, `${name}.scale`, weights, x);
}
