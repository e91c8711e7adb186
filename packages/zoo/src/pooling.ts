/** Pooling layers: over windows, and over the whole image. */

import type { Value } from '@whittle/ir';

import { type Network, named } from './network.js';

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
  x: Value,
  window: PoolingWindow,
): Value {
  const { kernel, stride, padding = 0, ceil = false } = window;
  const attributes = {
    ceil_mode: ceil ? 1 : 0,
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: Array<number>(4).fill(padding),
  };
  return builder.op('MaxPool', [x], attributes, named(name));
}

/** The mean of each channel over the image: [N, C, H, W] to [N, C]. */
export function globalAverage({ builder }: Network, x: Value): Value {
  const pooled = builder.op('GlobalAveragePool', [x], {}, named('pool'));
  return builder.op('Flatten', [pooled], { axis: 1 }, named('flatten'));
}
