/**
 * The zoo: well-known image classifiers as graphs, as one table. Their structure is that of the
 * published models and their weights are seeded pseudo-random numbers, so they cost what the real
 * ones cost and answer nonsense.
 *
 * ```ts
 * const graph = findModel('mobilenet-v2').build({ size: 96, classes: 10 });
 * ```
 */

import { type Graph, GraphBuilder } from '@whittle/ir';

import { denseNet121 } from './densenet.js';
import { normalized } from './distribution.js';
import { efficientNetB0 } from './efficientnet.js';
import { mobileNetV1 } from './mobilenet-v1.js';
import { mobileNetV2 } from './mobilenet-v2.js';
import { mobileNetV3Large, mobileNetV3Small } from './mobilenet-v3.js';
import { type Features, featuresOf, type Network } from './network.js';
import { resNet18, resNet50, resNeXt50 } from './resnet.js';
import { seededWeights } from './seeded-weights.js';
import { shuffleNetV2 } from './shufflenet-v2.js';
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
   * same weights with them folded into the convolutions before them, where there are any. Default: separate.
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
  modelOf('mobilenet-v3-large', 'MobileNetV3-large', mobileNetV3Large),
  modelOf('mobilenet-v3-small', 'MobileNetV3-small', mobileNetV3Small),
  modelOf('efficientnet-b0', 'EfficientNet-B0', efficientNetB0),
  modelOf('shufflenet-v2', 'ShuffleNetV2 1.0x', shuffleNetV2),
  modelOf('squeezenet', 'SqueezeNet 1.1', squeezeNet),
  modelOf('resnet-18', 'ResNet-18', resNet18),
  modelOf('resnet-50', 'ResNet-50', resNet50),
  modelOf('resnext-50', 'ResNeXt-50 32x4d', resNeXt50),
  modelOf('densenet-121', 'DenseNet-121', denseNet121),
];

/** The model of that id. @throws {RangeError} if there is none, naming those there are. */
export function findModel(id: string): ZooModel {
  const model = zoo.find((candidate) => candidate.id === id);
  if (model !== undefined) return model;
  throw new RangeError(`No model "${id}"; the zoo has ${zoo.map((known) => known.id).join(', ')}.`);
}

type Architecture = (network: Network, image: Features, classes: number) => Features;

function modelOf(id: string, title: string, architecture: Architecture): ZooModel {
  const inputName = 'input';
  const build = (options: ZooOptions = {}): Graph => {
    const { seed = 1, size = 224, classes = 1000, batch = 1, batchNorm = 'separate' } = options;
    const builder = new GraphBuilder(id);
    const network: Network = { builder, weights: seededWeights(seed), batchNorm };
    const image = builder.input(inputName, 'float32', [batch, 3, size, size]);
    const scores = architecture(network, featuresOf(image, normalized), classes);
    builder.output('output', scores.value);
    return builder.build();
  };
  return { id, title, build, inputName, inputDims: [1, 3, 224, 224] };
}
