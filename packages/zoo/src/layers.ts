/**
 * The layers with weights, node by node as frameworks export them: a convolution without bias, its
 * batch normalization, its activation.
 */

import type { AttributeLiterals, Tensor } from '@whittle/ir';

import { type Activation, activate } from './activations.js';
import {
  drawBias,
  drawFilters,
  drawNormalization,
  foldNormalization,
  momentsPerFilter,
  normalizationEpsilon,
} from './convolution-weights.js';
import { type Moments, momentsOf, normalized } from './distribution.js';
import { type Features, featuresOf, type Network, named } from './network.js';

export interface ConvolutionLayer {
  /** Channels out. */
  readonly channels: number;
  /** Rows and columns of the square filters. Default: 1. */
  readonly kernel?: number;
  /** Default: 1. */
  readonly stride?: number;
  /** Groups of channels that do not meet; as many as channels in a depthwise layer. Default: 1. */
  readonly groups?: number;
  /** Pixels around the image, or TensorFlow's rule. Default: half the kernel. */
  readonly padding?: number | 'same';
  /** Default: linear. */
  readonly activation?: Activation;
}

/** Convolution without bias, batch normalization, activation. */
export function convNormActivation(
  network: Network,
  name: string,
  x: Features,
  layer: ConvolutionLayer,
): Features {
  if (network.batchNorm === 'folded') return convActivation(network, name, x, layer);
  const filters = drawConvolution(network, x, layer);
  const convolved = convolve(network, name, x, layer, filters);
  const measured = momentsPerFilter(filters, momentsOf(x.distribution));
  const output = normalize(network, name, convolved, measured);
  return activate(network, name, output, layer.activation);
}

/** Convolution with bias, activation: what is left when batch normalization is folded. */
export function convActivation(
  network: Network,
  name: string,
  x: Features,
  layer: ConvolutionLayer,
): Features {
  const drawn = drawConvolution(network, x, layer);
  const measured = momentsPerFilter(drawn, momentsOf(x.distribution));
  const norm = drawNormalization(network.weights, measured);
  const { filters, bias } = foldNormalization(drawn, norm);
  const convolved = convolve(network, name, x, layer, filters, bias);
  return activate(network, name, convolved, layer.activation);
}

/** Convolution without batch normalization after it, with bias or without. */
export function convolution(
  network: Network,
  name: string,
  x: Features,
  { bias, ...layer }: Omit<ConvolutionLayer, 'activation'> & { readonly bias: boolean },
): Features {
  const filters = drawConvolution(network, x, layer);
  const drawn = bias ? drawBias(network.weights, layer.channels) : undefined;
  return convolve(network, name, x, layer, filters, drawn);
}

/** Batch normalization of what no convolution gives, which nothing can fold, and activation. */
export function normActivation(
  network: Network,
  name: string,
  x: Features,
  activation: Activation,
): Features {
  const measured = Array<Moments>(x.channels).fill(momentsOf(x.distribution));
  return activate(network, name, normalize(network, name, x, measured), activation);
}

function convolve(
  { builder }: Network,
  name: string,
  x: Features,
  layer: ConvolutionLayer,
  filters: Tensor,
  bias?: Tensor,
): Features {
  const inputs = [x.value, builder.constant(filters, `${name}.weight`)];
  if (bias !== undefined) inputs.push(builder.constant(bias, `${name}.bias`));
  const value = builder.op('Conv', inputs, convAttributes(layer), named(`${name}.conv`));
  return featuresOf(value, normalized);
}

function normalize(
  { builder, weights }: Network,
  name: string,
  x: Features,
  measured: readonly Moments[],
): Features {
  const norm = drawNormalization(weights, measured);
  const inputs = [
    x.value,
    builder.constant(norm.scale, `${name}.scale`),
    builder.constant(norm.shift, `${name}.shift`),
    builder.constant(norm.mean, `${name}.mean`),
    builder.constant(norm.variance, `${name}.variance`),
  ];
  const attributes = { epsilon: normalizationEpsilon };
  return featuresOf(
    builder.op('BatchNormalization', inputs, attributes, named(`${name}.norm`)),
    normalized,
  );
}

function drawConvolution(
  { weights }: Network,
  x: Features,
  { channels, kernel = 1, groups = 1 }: ConvolutionLayer,
): Tensor {
  const dims = [channels, x.channels / groups, kernel, kernel];
  return drawFilters(weights, dims, momentsOf(x.distribution));
}

function convAttributes(layer: ConvolutionLayer): AttributeLiterals {
  const { kernel = 1, stride = 1, groups = 1, padding = kernel >> 1 } = layer;
  return {
    group: groups,
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    ...(padding === 'same' ? { auto_pad: 'SAME_UPPER' } : { pads: Array<number>(4).fill(padding) }),
  };
}
