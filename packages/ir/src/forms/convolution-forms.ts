/**
 * The convolutions that people know from TensorFlow, as `Conv` nodes. `GraphBuilder` has the methods;
 * here they are functions that do the same for any number of spatial axes.
 *
 * A form brings image and filter into ONNX's order, writes the padding as numbers, and gives the
 * result in the order in which the image came. Where operands or options do not fit it throws a
 * `CompilerError` `E_INVALID_GRAPH` that names the form and says what it takes.
 *
 * Source: the reference of `tf.nn.convolution`, `tf.nn.depthwise_conv2d` and
 * `tf.nn.separable_conv2d`, whose meaning this is, down to the order of channels.
 */

import type { AttributeLiterals } from '../attributes.js';
import type { Dim } from '../dim.js';
import type { Value } from '../graph.js';
import { type Activation, activationNames, findActivation } from './activations.js';
import {
  depthwiseFilter,
  type Filter,
  groupedFilter,
  pointwiseFilter,
} from './convolution-filter.js';
import type {
  ConvolutionOptions,
  GroupConvolutionOptions,
  SeparableConvolutionOptions,
} from './convolution-options.js';
import { windowAttributes } from './convolution-window.js';
import { channelsFirst } from './data-format.js';
import type { FormContext } from './form-context.js';

/** Each channel of the result sums over all channels of `x`, or over those of its group. */
export function groupConv(
  context: FormContext<GroupConvolutionOptions>,
  x: Value,
  filter: Value,
): Value {
  const { groups = 1 } = context.options;
  return convolve(context, x, (channels) => groupedFilter(context, filter, channels, groups));
}

/** Each channel of `x` has filters of its own, and a channel of the result for each of them. */
export function depthwiseConv(context: FormContext, x: Value, filter: Value): Value {
  return convolve(context, x, (channels) => depthwiseFilter(context, filter, channels));
}

/** Mixes the channels of each position by itself. */
export function pointwiseConv(context: FormContext, x: Value, filter: Value): Value {
  return convolve(context, x, (channels) => pointwiseFilter(context, filter, channels));
}

/** A depthwise convolution and then a pointwise one, a node each: whether they fuse is for passes. */
export function separableConv(
  context: FormContext<SeparableConvolutionOptions>,
  x: Value,
  depthwise: Value,
  pointwise: Value,
): Value {
  const { name, stem, options } = context;
  const image = channelsFirst(context, x);
  const filtered = convNode(
    context,
    image.value,
    depthwiseFilter(context, depthwise, image.channels),
    {
      ...options,
      bias: options.depthwiseBias,
      activation: options.depthwiseActivation,
      name: name === undefined ? undefined : `${name}.depthwise`,
      output: `${stem}.depthwise`,
    },
  );
  const channels = filtered.type?.dims[1] ?? image.channels;
  const mixed = convNode(context, filtered, pointwiseFilter(context, pointwise, channels), {
    bias: options.bias,
    activation: options.activation,
    name: name === undefined ? undefined : `${name}.pointwise`,
    output: image.resultName,
  });
  return image.restore(mixed);
}

function convolve(context: FormContext, x: Value, filterFor: (channels: Dim) => Filter): Value {
  const { name, options } = context;
  const image = channelsFirst(context, x);
  const filter = filterFor(image.channels);
  const { bias, activation, ...window } = options;
  const spec = { ...window, bias, activation, name, output: image.resultName };
  return image.restore(convNode(context, image.value, filter, spec));
}

interface ConvSpec extends Pick<ConvolutionOptions, 'strides' | 'padding' | 'dilations'> {
  readonly bias: ConvolutionOptions['bias'] | undefined;
  readonly activation: ConvolutionOptions['activation'] | undefined;
  readonly name: string | undefined;
  readonly output: string;
}

/** `x` is [N, C, ...spatial]. */
function convNode(
  context: FormContext,
  x: Value,
  { value, kernel, groups }: Filter,
  { bias, activation, name, output, ...window }: ConvSpec,
): Value {
  const attributes = {
    group: groups === 1 ? undefined : groups,
    ...windowAttributes(context, x.type?.dims.slice(2) ?? [], kernel, window),
    ...activationAttributes(context, activation),
  };
  const inputs = bias === undefined ? [x, value] : [x, value, bias];
  const names = name === undefined ? {} : { name };
  return context.builder.op('Conv', inputs, attributes, { ...names, outputs: [output] });
}

/** The epilogue that applies the activation; it acts on the sum, bias included. */
function activationAttributes(
  context: FormContext,
  activation: Activation | undefined,
): AttributeLiterals {
  if (activation === undefined) return {};
  const found = findActivation(activation);
  if (found === undefined) {
    return context.fail(
      `has the activation ${JSON.stringify(activation)}, which is none`,
      `Use one of ${activationNames.join(', ')}, or { op, parameters } for another op.`,
    );
  }
  const { op, parameters } = found;
  return { activation: op, activation_params: parameters.length === 0 ? undefined : parameters };
}
