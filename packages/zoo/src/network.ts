/** A model under construction, which the layers add to. */

import type { GraphBuilder, Value } from '@whittle/ir';

import type { SeededWeights } from './seeded-weights.js';

export interface Network {
  readonly builder: GraphBuilder;
  readonly weights: SeededWeights;
  /** `separate` BatchNormalization nodes, as trained, or `folded` into the convolutions. */
  readonly batchNorm: 'separate' | 'folded';
}

/** Names a node and its output alike. */
export function named(name: string): { name: string; outputs: readonly string[] } {
  return { name, outputs: [name] };
}

/** The size of axis 1. */
export function channelsOf(x: Value): number {
  const channels = x.type?.dims[1];
  if (typeof channels === 'number') return channels;
  throw new TypeError(`The number of channels of ${x.name} is unknown.`);
}
