/**
 * Cases of the separable family as plain data: chains of depthwise, pointwise and grouped
 * convolutions with what stands around them. A case can be printed and made smaller;
 * `add-separable.ts` makes it a part of a graph.
 */

import { type SeparableWindow, sizesAfter } from './separable-window.js';

/**
 * - `pair`: depthwise → pointwise, one or two of them;
 * - `block`: expand → depthwise → project, the inverted residual block;
 * - `groups`: grouped convolutions, and depthwise ones on their own.
 */
export type SeparableKind = 'pair' | 'block' | 'groups';

export const activations = [
  ...(['none', 'Relu', 'Relu6', 'HardSwish', 'Silu', 'Clip'] as const),
  ...(['Sigmoid', 'Tanh', 'LeakyRelu', 'HardSigmoid'] as const),
] as const;

export type SeparableActivation = (typeof activations)[number];

/** One convolution, and what follows it before the next. */
export interface SeparableStage {
  /** `channels` where each input channel is a group of its own. */
  readonly group: number | 'channels';
  readonly outputsPerGroup: number;
  readonly window: SeparableWindow;
  readonly shift: 'none' | 'bias' | 'normalization';
  readonly activation: SeparableActivation;
  /** Whether the channels of the groups are shuffled afterwards, as in ShuffleNet. */
  readonly isShuffled: boolean;
  /** Whether the filter is known when the graph is compiled. */
  readonly filter: 'constant' | 'input';
}

/** What is added to the last convolution: the case's input, a second one, or what came before. */
export type SeparableResidual = 'none' | 'input' | 'given' | 'intermediate';

/**
 * Somebody else who reads what a stage gives: as an output of the graph, before its activation too
 * (`raw`), through another op, or as the gate of a squeeze-and-excitation.
 */
export interface SecondReader {
  readonly stage: number;
  readonly form: 'output' | 'raw' | 'op' | 'gate';
}

export interface SeparableCase {
  readonly seed: number;
  readonly kind: SeparableKind;
  readonly batch: number;
  readonly channels: number;
  readonly sizes: readonly number[];
  readonly stages: readonly SeparableStage[];
  readonly residual: SeparableResidual;
  readonly residualIsFirst: boolean;
  /** Whether the last activation comes after the residual. */
  readonly activationIsLast: boolean;
  readonly secondReader: SecondReader | undefined;
  /**
   * In NHWC: transposes at the ends of the case, or around each op that is made for NCHW; with
   * `products`, where pointwise convolutions are none of those.
   */
  readonly transposes: 'around' | 'each' | 'products';
}

/** Of each eight seeds, three are pairs, three blocks and two groups. */
export function kindOfSeed(seed: number): SeparableKind {
  const turn = seed % 8;
  return turn < 3 ? 'pair' : turn < 6 ? 'block' : 'groups';
}

/** What flows between two stages. */
export interface Flow {
  readonly channels: number;
  readonly sizes: readonly number[];
}

export function flowAfter({ group, outputsPerGroup, window }: SeparableStage, flow: Flow): Flow {
  const groups = group === 'channels' ? flow.channels : group;
  return { channels: groups * outputsPerGroup, sizes: sizesAfter(window, flow.sizes) };
}

/** What flows into the first stage, and out of each. */
export function flowsOf(separable: SeparableCase): readonly Flow[] {
  const { channels, sizes, stages } = separable;
  const flows: Flow[] = [{ channels, sizes }];
  for (const stage of stages) flows.push(flowAfter(stage, flows.at(-1) ?? { channels, sizes }));
  return flows;
}
