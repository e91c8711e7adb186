/**
 * A grouped or depthwise convolution as TensorFlow.js computes it best, channels last, its own layout.
 *
 * It has an op for depthwise convolutions of images alone; everything else goes group by group. Lines
 * are images of one row, which is what its `conv1d` makes of them too; but `conv1d` adds rows of
 * zeros where pads are a number. Filters are turned and split beforehand.
 */

import * as tf from '@tensorflow/tfjs';

import { type ConvolutionForm, isDepthwise, padOf } from '../harness/convolution-form.js';
import type { FormTensor, FormWorkload } from '../harness/form-workload.js';
import { byGroups } from './by-groups.js';
import { operand } from './step.js';

export interface FormRunner {
  /** The ops that compute it. */
  readonly ops: string;
  /** The result in memory, channels last. */
  run(): Float32Array;
  /** The result, channels first. */
  channelsFirst(): Float32Array;
  dispose(): void;
}

/** The CPU backend has to be set. */
export function formRunner(form: ConvolutionForm, { input, filters }: FormWorkload): FormRunner {
  const scope = 'form';
  tf.engine().startScope(scope);
  const axes = form.size.map((_, i) => i + 1);
  const channelsLast = [0, ...axes.map((axis) => axis + 1), 1];
  const channelsFirst = [0, axes.length + 1, ...axes];
  const image = tf.transpose(tensorOf(input), channelsLast);
  // [...kernel, inputs / group, outputs]
  const turned = tf.transpose(tensorOf(filters), [...axes.map((axis) => axis + 1), 1, 0]);
  const { ops, apply } = computationOf(form, turned);
  const compute = (order?: number[]): Float32Array => {
    const output = tf.tidy(() => (order ? tf.transpose(apply(image), order) : apply(image)));
    const data = output.dataSync();
    output.dispose();
    if (data instanceof Float32Array) return data;
    throw new Error('The output is not float32.');
  };
  return {
    ops,
    run: () => compute(),
    channelsFirst: () => compute(channelsFirst),
    dispose: () => tf.engine().endScope(),
  };
}

function tensorOf({ dims, data }: FormTensor): tf.Tensor {
  return tf.tensor(data, [...dims]);
}

interface Computation {
  readonly ops: string;
  readonly apply: (image: tf.Tensor) => tf.Tensor;
}

function computationOf(form: ConvolutionForm, filters: tf.Tensor): Computation {
  switch (form.size.length) {
    case 1:
      return line(form, filters);
    case 2:
      return image(form, filters, windowOf(form, 2));
    default:
      return volume(form, filters);
  }
}

/** What a convolution of images is told of its window. */
interface ImageWindow {
  readonly strides: [number, number];
  readonly dilations: [number, number];
  readonly pad: tf.backend_util.ExplicitPadding;
}

/** A line has one row, which gets no zeros around it. */
function windowOf(form: ConvolutionForm, axes: 1 | 2): ImageWindow {
  const { stride = 1, dilation = 1 } = form;
  const ends: [number, number] = [padOf(form), padOf(form)];
  const none: [number, number] = [0, 0];
  return {
    strides: [axes === 2 ? stride : 1, stride],
    dilations: [axes === 2 ? dilation : 1, dilation],
    pad: [none, axes === 2 ? ends : none, ends, none],
  };
}

function line(form: ConvolutionForm, filters: tf.Tensor): Computation {
  const { ops, apply } = image(form, tf.expandDims(filters, 0), windowOf(form, 1));
  return {
    ops: `${ops}, of one row`,
    apply: (x) => tf.squeeze(apply(tf.expandDims(x, 1)), [1]),
  };
}

function image(
  form: ConvolutionForm,
  filters: tf.Tensor,
  { strides, dilations, pad }: ImageWindow,
): Computation {
  if (!isDepthwise(form)) {
    return groupByGroup(form, filters, 'conv2d', (x, filter) =>
      tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad, 'NHWC', dilations),
    );
  }
  const [rows = 0, columns = 0] = filters.shape;
  const { inputs, outputs } = form;
  const filter = tf.reshape<tf.Rank.R4>(filters, [rows, columns, inputs, outputs / inputs]);
  return {
    ops: 'depthwiseConv2d',
    apply: (x) => tf.depthwiseConv2d(x as tf.Tensor4D, filter, strides, pad, 'NHWC', dilations),
  };
}

/** It takes no number for pads; with an odd kernel and stride 1, `same` is what is wanted. */
function volume(form: ConvolutionForm, filters: tf.Tensor): Computation {
  return groupByGroup(form, filters, 'conv3d', (x, filter) =>
    tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, 1, 'same'),
  );
}

function groupByGroup(
  { group }: ConvolutionForm,
  filters: tf.Tensor,
  op: string,
  convolve: (image: tf.Tensor, filter: tf.Tensor) => tf.Tensor,
): Computation {
  const parts = tf.split(filters, group, -1);
  return {
    ops: `transpose, split, ${group} ${op}, concat`,
    apply: byGroups(group, (part, i) => convolve(part, operand(parts[i]))),
  };
}
