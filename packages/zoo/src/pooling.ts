/**
 * Pooling layers: over windows, and over the whole image. Neighbours are taken to be alike: means
 * spread as widely as what they are of, and the largest of nine is as that of three.
 */

import { tensorOf } from '@whittle/ir';

import { largestOf } from './distribution.js';
import { type Features, featuresOf, type Network, named } from './network.js';

export interface PoolingWindow {
  readonly kernel: number;
  readonly stride: number;
  /** Default: 0. */
  readonly padding?: number;
  /** Whether a last window may reach over the edge. Default: false. */
  readonly ceil?: boolean;
}

export function maxPool(
  { builder }: Network,
  name: string,
  x: Features,
  window: PoolingWindow,
): Features {
  const { kernel, stride, padding = 0, ceil = false } = window;
  const attributes = {
    ceil_mode: ceil ? 1 : 0,
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: Array<number>(4).fill(padding),
  };
  return featuresOf(
    builder.op('MaxPool', [x.value], attributes, named(name)),
    largestOf(x.distribution, 3),
  );
}

/** Over windows of 2 x 2 side by side. */
export function halveByAverage({ builder }: Network, name: string, x: Features): Features {
  const attributes = { kernel_shape: [2, 2], strides: [2, 2] };
  return featuresOf(builder.op('AveragePool', [x.value], attributes, named(name)), x.distribution);
}

/** The mean of each channel over the image, as an image of one pixel: [N, C, H, W] to [N, C, 1, 1]. */
export function globalPool({ builder }: Network, name: string, x: Features): Features {
  const pooled = builder.op('GlobalAveragePool', [x.value], {}, named(name));
  return featuresOf(pooled, x.distribution);
}

/** The mean of each channel over the image: [N, C, H, W] to [N, C]. */
export function globalAverage(network: Network, x: Features): Features {
  const { value, distribution } = globalPool(network, 'pool', x);
  const flat = network.builder.op('Flatten', [value], { axis: 1 }, named('flatten'));
  return featuresOf(flat, distribution);
}

/** As `globalAverage`, in the one node that exporters write for a mean over two axes. */
export function imageMean({ builder }: Network, x: Features): Features {
  const axes = builder.constant(tensorOf('int64', [2], [2, 3]), 'axes');
  const mean = builder.op('ReduceMean', [x.value, axes], { keepdims: 0 }, named('mean'));
  return featuresOf(mean, x.distribution);
}
