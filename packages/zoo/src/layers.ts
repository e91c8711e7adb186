/**
 * The layers with weights, node by node as frameworks export them: a convolution without bias, its
 * batch normalization, its activation; and the classifier, a Gemm.
 */

import { type AttributeLiterals, tensorOf, type Value } from '@whittle/ir';

import {
  drawFilters,
  drawNormalization,
  foldNormalization,
  type InputStatistics,
  normalizationEpsilon,
  rectifiedNormal,
} from './convolution-weights.js';
import { channelsOf, type Network, named } from './network.js';

export type Activation = 'linear' | 'relu' | 'relu6';

export interface ConvolutionLayer {
  /** Channels out; for a depthwise layer those of the input. */
  readonly channels: number;
  /** Rows and columns of the square filters. Default: 1. */
  readonly kernel?: number;
  /** Default: 1. */
  readonly stride?: number;
  /** One filter for each channel of the input. Default: false. */
  readonly depthwise?: boolean;
  /** Pixels around the image, or TensorFlow's rule. Default: half the kernel. */
  readonly padding?: number | 'same';
  /** What the layer's inputs look like, for the scale of its weights. Default: rectified. */
  readonly input?: InputStatistics;
  /** Default: linear. */
  readonly activation?: Activation;
}

/** Convolution without bias, batch normalization, activation. */
export function convNormActivation(
  network: Network,
  name: string,
  x: Value,
  layer: ConvolutionLayer,
): Value {
  if (network.batchNorm === 'folded') return convActivation(network, name, x, layer);
  const { builder, weights } = network;
  const filters = drawFilters(weights, filterDims(x, layer));
  const norm = drawNormalization(weights, filters, layer.input ?? rectifiedNormal);
  const convolved = builder.op(
    'Conv',
    [x, builder.constant(filters, `${name}.weight`)],
    convAttributes(layer),
    named(`${name}.conv`),
  );
  const normalized = builder.op(
    'BatchNormalization',
    [
      convolved,
      builder.constant(norm.scale, `${name}.scale`),
      builder.constant(norm.shift, `${name}.shift`),
      builder.constant(norm.mean, `${name}.mean`),
      builder.constant(norm.variance, `${name}.variance`),
    ],
    { epsilon: normalizationEpsilon },
    named(`${name}.norm`),
  );
  return activate(network, name, normalized, layer.activation);
}

/** Convolution with bias, activation: what is left when batch normalization is folded. */
export function convActivation(
  network: Network,
  name: string,
  x: Value,
  layer: ConvolutionLayer,
): Value {
  const { builder, weights } = network;
  const drawn = drawFilters(weights, filterDims(x, layer));
  const norm = drawNormalization(weights, drawn, layer.input ?? rectifiedNormal);
  const { filters, bias } = foldNormalization(drawn, norm);
  const convolved = builder.op(
    'Conv',
    [x, builder.constant(filters, `${name}.weight`), builder.constant(bias, `${name}.bias`)],
    convAttributes(layer),
    named(`${name}.conv`),
  );
  return activate(network, name, convolved, layer.activation);
}

/** ReLU6 is a Clip between two constants, as exporters write it. */
export function activate(
  { builder }: Network,
  name: string,
  x: Value,
  activation: Activation = 'linear',
): Value {
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return builder.op('Relu', [x], {}, named(`${name}.relu`));
    case 'relu6': {
      const low = builder.constant(tensorOf('float32', [], [0]), `${name}.min`);
      const high = builder.constant(tensorOf('float32', [], [6]), `${name}.max`);
      return builder.op('Clip', [x, low, high], {}, named(`${name}.relu6`));
    }
  }
}

/** A dense layer with bias: [N, C] to [N, classes]. The weights are [classes, C]. */
export function dense(
  { builder, weights }: Network,
  name: string,
  x: Value,
  classes: number,
): Value {
  const inputs = channelsOf(x);
  const bound = Math.sqrt(3 / inputs);
  const matrix = weights.uniform([classes, inputs], -bound, bound);
  const bias = weights.uniform([classes], -0.2, 0.2);
  return builder.op(
    'Gemm',
    [x, builder.constant(matrix, `${name}.weight`), builder.constant(bias, `${name}.bias`)],
    { transB: 1 },
    named(name),
  );
}

function filterDims(x: Value, { channels, kernel = 1, depthwise }: ConvolutionLayer): number[] {
  return [channels, depthwise ? 1 : channelsOf(x), kernel, kernel];
}

function convAttributes(layer: ConvolutionLayer): AttributeLiterals {
  const { channels, kernel = 1, stride = 1, depthwise, padding = kernel >> 1 } = layer;
  return {
    group: depthwise ? channels : 1,
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    ...(padding === 'same' ? { auto_pad: 'SAME_UPPER' } : { pads: Array<number>(4).fill(padding) }),
  };
}
