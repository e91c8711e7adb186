/**
 * The zoo: well-known image classifiers as graphs, as one table. Their structure is that of the
 * published models and their weights are seeded pseudo-random numbers, so they cost what the real
 * ones cost and answer nonsense.
 *
 * ```ts
 * const graph = findModel('mobilenet-v2').build({ size: 96, classes: 10 });
 * ```
 */

import { type Graph, GraphBuilder, type Value } from '@whittle/ir';
import { mobileNetV1 } from './mobilenet-v1.js';
import { mobileNetV2 } from './mobilenet-v2.js';
import type { Network } from './network.js';
import { resNet18 } from './resnet.js';
import { seededWeights } from './seeded-weights.js';
import { squeezeNet } from './squeezenet.js';

export interface ZooOptions {
  /** Where the weights start; the same seed gives the same weights. Default: 1. */
  readonly seed?: number;
  /** Rows and columns of the square image. Default: 224. */
  readonly size?: number;
  /** Default: 1000. */
  readonly classes?: number;
  /** Images a run. Default: 1. */
  readonly batch?: number;
  /**
   * `separate` keeps BatchNormalization nodes, as a model in training has them; `folded` has the
   * same weights with them folded into the convolutions. Default: separate.
   */
  readonly batchNorm?: 'separate' | 'folded';
}

export interface ZooModel {
  readonly id: string;
  readonly title: string;
  /** A graph with one input and one output of scores, [batch, classes], both float32. */
  readonly build: (options?: ZooOptions) => Graph;
  readonly inputName: string;
  /** The dims of the input where no option changes them. */
  readonly inputDims: readonly number[];
}

export const zoo: readonly ZooModel[] = [
  modelOf('mobilenet-v1', 'MobileNetV1', mobileNetV1),
  modelOf('mobilenet-v2', 'MobileNetV2', mobileNetV2),
  modelOf('squeezenet', 'SqueezeNet 1.1', squeezeNet),
  modelOf('resnet-18', 'ResNet-18', resNet18),
];

/** The model of that id. @throws {RangeError} if there is none, naming those there are. */
export function findModel(id: string): ZooModel {
  const model = zoo.find((candidate) => candidate.id === id);
  if (model !== undefined) return model;
  throw new RangeError(`No model "${id}"; the zoo has ${zoo.map((known) => known.id).join(', ')}.`);
}

type Architecture = (network: Network, image: Value, classes: number) => Value;

function modelOf(id: string, title: string, architecture: Architecture): ZooModel {
  const inputName = 'input';
  const build = (options: ZooOptions = {}): Graph => {
    const { seed = 1, size = 224, classes = 1000, batch = 1, batchNorm = 'separate' } = options;
    const builder = new GraphBuilder(id);
    const network: Network = { builder, weights: seededWeights(seed), batchNorm };
    const image = builder.input(inputName, 'float32', [batch, 3, size, size]);
    builder.output('output', architecture(network, image, classes));
    return builder.build();
  };
  return { id, title, build, inputName, inputDims: [1, 3, 224, 224] };
}
