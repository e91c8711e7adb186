/** The op of TensorFlow.js for each kind of convolution, with bias and activation fused into it. */

import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@whittle/ir';

import { byGroups } from './by-groups.js';
import { floatsOf, quadOf } from './node-parts.js';
import { imageOf, operand, type TfjsOptions } from './step.js';

/** A convolution of an image, and what is fused into it. */
export interface FusedConvolution {
  /** [channels out, channels in / group, rows, columns]. */
  readonly filters: Tensor;
  readonly group: number;
  readonly pad: number | 'same' | 'valid';
  readonly options: {
    readonly strides: [number, number];
    readonly dilations: [number, number];
    readonly activation: 'linear' | 'relu' | 'relu6';
    readonly bias?: tf.Tensor1D;
  };
}

export type Apply = (x: tf.Tensor4D) => tf.Tensor;

/** Everything that depends on the filters alone is computed now. */
export function convolutionOp(form: FusedConvolution, pointwise: TfjsOptions['pointwise']): Apply {
  if (form.group === 1) {
    return pointwise === 'matMul' && isPointwise(form) ? asProduct(form) : asConvolution(form);
  }
  return form.filters.dims[1] === 1 ? asDepthwise(form) : asGroups(form);
}

function asConvolution({ filters, pad, options }: FusedConvolution): Apply {
  const filter = filtersLast(filters);
  return (x) => tf.fused.conv2d({ x, filter, pad, ...options });
}

function asGroups({ filters, group, pad, options: { bias, ...options } }: FusedConvolution): Apply {
  const parts = tf.split(filtersLast(filters), group, 3);
  const biases = bias ? tf.split(bias, group) : [];
  return byGroups(group, (part, i) => {
    const bias = biases[i];
    const filter = imageOf(operand(parts[i]));
    return tf.fused.conv2d({ x: imageOf(part), filter, pad, ...options, ...(bias && { bias }) });
  });
}

/** [rows, columns, channels in / group, channels out]. */
function filtersLast(filters: Tensor): tf.Tensor4D {
  const oihw = tf.tensor4d(floatsOf(filters), quadOf(filters.dims));
  return tf.transpose(oihw, [2, 3, 1, 0]);
}

function isPointwise({ filters, pad, options: { strides } }: FusedConvolution): boolean {
  const ones = [...filters.dims.slice(2), ...strides];
  return ones.every((size) => size === 1) && (pad === 0 || pad === 'valid' || pad === 'same');
}

function asProduct({ filters, options: { activation, bias } }: FusedConvolution): Apply {
  const [channels = 0, inputs = 0] = filters.dims;
  const b = tf.transpose(tf.tensor2d(floatsOf(filters), [channels, inputs]));
  return (x) => {
    const [batch, rows, columns] = x.shape;
    const a = tf.reshape<tf.Rank.R2>(x, [batch * rows * columns, inputs]);
    const product = tf.fused.matMul({ a, b, activation, ...(bias ? { bias } : {}) });
    return tf.reshape(product, [batch, rows, columns, channels]);
  };
}

/** TensorFlow's layout is [h, w, in, multiplier]; output channels are in the same order as ours. */
function asDepthwise({ filters, group, pad, options }: FusedConvolution): Apply {
  const [channels, , height, width] = quadOf(filters.dims);
  const oihw = tf.tensor4d(floatsOf(filters), quadOf(filters.dims));
  const ordered = tf.transpose(oihw, [2, 3, 0, 1]);
  const filter = tf.reshape<tf.Rank.R4>(ordered, [height, width, group, channels / group]);
  return (x) => tf.fused.depthwiseConv2d({ x, filter, pad, ...options });
}
