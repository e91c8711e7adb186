/** A model under construction, which the layers add to. */

import type { GraphBuilder, Value } from '@whittle/ir';

import type { Distribution } from './distribution.js';
import type { SeededWeights } from './seeded-weights.js';

export interface Network {
  readonly builder: GraphBuilder;
  readonly weights: SeededWeights;
  /** `separate` BatchNormalization nodes, as trained, or `folded` into the convolutions. */
  readonly batchNorm: 'separate' | 'folded';
}

/** What a layer takes and gives: a value, and what the scale of the next weights depends on. */
export interface Features {
  readonly value: Value;
  readonly dims: readonly number[];
  /** The size of axis 1. */
  readonly channels: number;
  readonly distribution: Distribution;
}

/** @throws {TypeError} where a dim of the value is unknown. */
export function featuresOf(value: Value, distribution: Distribution): Features {
  const dims = value.type?.dims.filter((dim) => typeof dim === 'number') ?? [];
  const [, channels] = dims;
  if (channels === undefined || dims.length !== value.type?.dims.length) {
    throw new TypeError(`Some of the dims of ${value.name} are unknown.`);
  }
  return { value, dims, channels, distribution };
}

/** Names a node and its output alike. */
export function named(name: string): { name: string; outputs: readonly string[] } {
  return { name, outputs: [name] };
}
